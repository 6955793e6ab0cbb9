import type { Skipped, Warning } from '../../shared/model.ts';
import { type ArchiveFile, createArchiveFile } from './archive-file.ts';
import type { CodeIndex, IndexEntry, PackGroup } from './code-index.ts';
import { compressPack } from './compress-pack.ts';
import type { Member, PackedEntry, Remarks } from './pack-job.ts';
import { openStoredPacks } from './stored-packs.ts';

/** Packs of the previous archive that go into the new one as they are. */
export interface PackCopy {
  readonly group: PackGroup;
  /** The group's entries with what is known of their sources now. */
  readonly entries: readonly IndexEntry[];
  /** True when the index must be rewritten although the archive's bytes are equal. */
  readonly isRestated: boolean;
  /** Writes the same entries new, for when the stored bytes turn out damaged. */
  readonly rebuild: () => Promise<void>;
}

export interface AssemblyOptions {
  readonly archiveFile: string;
  readonly previous: { readonly archiveFile: string; readonly index: CodeIndex } | undefined;
  readonly startedAtMs: number;
  readonly signal: AbortSignal;
}

export interface Assembled {
  readonly index: CodeIndex;
  readonly bytes: number;
  readonly sha256: string;
  /** Numbers of the packs that were not copied. */
  readonly newPacks: readonly number[];
}

/** Puts packs together in order. The file is created when the first pack is new; until then copies are only noted. */
export class ArchiveAssembly {
  readonly skipped: Skipped[] = [];
  readonly warnings: Warning[] = [];
  readonly #options: AssemblyOptions;
  readonly #stored: ReturnType<typeof openStoredPacks> | undefined;
  readonly #entries: IndexEntry[] = [];
  readonly #newPacks: number[] = [];
  readonly #copies: PackCopy[] = [];
  #file: ArchiveFile | undefined;

  constructor(options: AssemblyOptions) {
    this.#options = options;
    const { previous } = options;
    if (previous !== undefined) this.#stored = openStoredPacks(previous.archiveFile, previous.index);
  }

  note({ skipped, warnings }: Remarks): void {
    this.skipped.push(...skipped);
    this.warnings.push(...warnings);
  }

  async copy(copy: PackCopy): Promise<void> {
    if (this.#file === undefined) this.#copies.push(copy);
    else await this.#writeCopy(this.#file, copy);
  }

  /** Appends a new pack in which these entries begin. */
  async append(member: Member, entries: readonly PackedEntry[]): Promise<void> {
    const file = await this.#open();
    const pack = await file.append(member);
    this.#newPacks.push(pack);
    for (const entry of entries) this.#entries.push({ ...entry, pack });
  }

  /** Remembers the end of the archive; the answers name the entry that began there, or take back what came after. */
  async mark(): Promise<{ readonly keep: (entry: PackedEntry) => void; readonly takeBack: () => Promise<void> }> {
    const file = await this.#open();
    const rollBack = file.mark();
    const { length } = this.#newPacks;
    const pack = file.packCount();
    return {
      keep: (entry) => this.#entries.push({ ...entry, pack }),
      takeBack: async () => {
        this.#newPacks.length = length;
        await rollBack();
      },
    };
  }

  /** True when the previous archive and its index say the same as the new ones would. */
  isUnchanged(): boolean {
    if (this.#file !== undefined || this.#options.previous === undefined) return false;
    const total = this.#copies.reduce((sum, { group }) => sum + group.packCount, 0);
    return (
      total === this.#options.previous.index.packs.length - 1 && !this.#copies.some(({ isRestated }) => isRestated)
    );
  }

  async finish(): Promise<Assembled> {
    const { startedAtMs, signal, previous } = this.#options;
    const file = await this.#open();
    const end = compressPack(Buffer.alloc(endOfTarBytes));
    const pack = await file.append(end);
    if (end.sha256 !== previous?.index.packs.at(-1)?.sha256) this.#newPacks.push(pack);
    const { bytes, sha256, packs } = await file.finish(signal);
    await this.#stored?.close();
    return {
      index: { format: 1, startedAtMs, packs, entries: this.#entries },
      bytes,
      sha256,
      newPacks: this.#newPacks,
    };
  }

  /** Closes everything and removes what was written. */
  async discard(): Promise<void> {
    await this.#stored?.close();
    await this.#file?.discard();
  }

  async #open(): Promise<ArchiveFile> {
    if (this.#file !== undefined) return this.#file;
    const file = await createArchiveFile(this.#options.archiveFile);
    this.#file = file;
    for (const copy of this.#copies) await this.#writeCopy(file, copy);
    return file;
  }

  async #writeCopy(file: ArchiveFile, { group, entries, rebuild }: PackCopy): Promise<void> {
    this.#options.signal.throwIfAborted();
    const rollBack = file.mark();
    const firstPack = file.packCount();
    for (let number = group.firstPack; number < group.firstPack + group.packCount; number += 1) {
      const member = await this.#stored?.read(number);
      if (member === undefined) {
        await rollBack();
        this.#warnOfDamage();
        return rebuild();
      }
      await file.append(member);
    }
    for (const entry of entries) this.#entries.push({ ...entry, pack: firstPack });
  }

  #warnOfDamage(): void {
    if (this.warnings.some(({ code }) => code === 'archive-damaged')) return;
    const path = this.#options.previous?.archiveFile ?? '';
    const message = `The earlier archive ${path} is damaged; what it should hold was read from the sources again.`;
    this.warnings.push({ code: 'archive-damaged', message });
  }
}

/** Two zero blocks end a tar archive. */
const endOfTarBytes = 1024;
