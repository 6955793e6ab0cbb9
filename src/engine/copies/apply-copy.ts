import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { formatBytes, formatCount } from '../../shared/format.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { hashFile } from '../platform/hash-file.ts';
import { full } from './copy-failure.ts';
import type { CopiedFile, CopyStore, StoredFrom } from './copy-store.ts';
import type { CopyPlan, PlannedFile } from './plan-copy.ts';

export interface ApplyOptions {
  readonly store: CopyStore;
  readonly backups: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress | undefined;
  /** Runs `work` while the snapshot can not be removed; undefined where it has been removed since. */
  withSnapshot<T>(id: string, work: () => Promise<T>): Promise<T | undefined>;
}

export interface Applied {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly sentBytes: number;
  readonly linkedBytes: number;
}

/** Carries out a plan: each snapshot arrives, is proved, and is published, one after the other. May be repeated. */
export async function applyCopy(plan: CopyPlan, options: ApplyOptions): Promise<Applied> {
  const { store, signal } = options;
  const run = new Run(options, plan.sendBytes);
  const added: string[] = [];
  for (const id of plan.dropIncoming) await store.removeIncoming(id, undefined, signal);
  for (const id of plan.removeFirst) await store.remove(id, signal);
  for (const { id, files } of plan.add) {
    signal.throwIfAborted();
    const isThere = await options.withSnapshot(id, () => run.add(id, files));
    if (isThere === true) added.push(id);
  }
  // What was to take their place may have been removed from the backups meanwhile: then they stay until the next plan.
  const removeLast = added.length === plan.add.length ? plan.removeLast : [];
  for (const id of removeLast) {
    signal.throwIfAborted();
    await store.remove(id, signal);
  }
  return { added, removed: [...plan.removeFirst, ...removeLast], ...run.counts() };
}

/** What one run has sent so far. */
class Run {
  readonly #options: ApplyOptions;
  readonly #totalBytes: number;
  #sentBytes = 0;
  #linkedBytes = 0;

  constructor(options: ApplyOptions, totalBytes: number) {
    this.#options = options;
    this.#totalBytes = totalBytes;
  }

  counts(): Pick<Applied, 'sentBytes' | 'linkedBytes'> {
    return { sentBytes: this.#sentBytes, linkedBytes: this.#linkedBytes };
  }

  async add(id: string, files: readonly PlannedFile[]): Promise<true> {
    const { store, backups, signal } = this.#options;
    const folder = join(backups, id);
    store.requireHere();
    const refused = await this.#link(id, files);
    const toSend = files.filter(({ file, way }) => way.kind === 'send' || refused.has(file));
    await this.#refuseFull(toSend);
    await this.#send(id, folder, toSend);
    // What is linked was proved when it arrived.
    const toProve = files.filter(({ file, way }) => way.kind !== 'link' || refused.has(file));
    const wrong = await this.#prove(id, folder, toProve);
    if (wrong.length > 0) {
      // It was broken off in a way that its size does not show, or the disk has rotted: once more, whole.
      for (const { file } of wrong) await store.removeIncoming(id, file, signal);
      await this.#send(id, folder, wrong);
      const [still] = await this.#prove(id, folder, wrong);
      if (still !== undefined) {
        const isDamagedHere = (await hashFile(join(folder, still.file), signal)) !== still.sha256;
        throw isDamagedHere ? damagedHere(folder, id, still.file) : unproved(store.place, id, still.file);
      }
    }
    await store.publish(id, folder, signal);
    return true;
  }

  async #link(id: string, files: readonly PlannedFile[]): Promise<ReadonlySet<string>> {
    const { store, signal } = this.#options;
    const toLink = files.flatMap(({ way, ...file }): (CopiedFile & { from: StoredFrom })[] =>
      way.kind === 'link' ? [{ ...file, from: way.from }] : [],
    );
    if (toLink.length === 0) return new Set();
    const refused = new Set(await store.link(id, toLink, signal));
    for (const { file, bytes } of toLink) if (!refused.has(file)) this.#linkedBytes += bytes;
    return refused;
  }

  async #send(id: string, folder: string, files: readonly CopiedFile[]): Promise<void> {
    const { store, signal } = this.#options;
    if (files.length === 0) return;
    this.#tell(id);
    await store.send(
      id,
      folder,
      files,
      (bytes) => {
        this.#sentBytes += bytes;
        this.#tell(id);
      },
      signal,
    );
  }

  async #prove(id: string, folder: string, files: readonly CopiedFile[]): Promise<readonly CopiedFile[]> {
    const { store, signal, onProgress } = this.#options;
    if (files.length === 0) return [];
    onProgress?.({ phase: 'copy-check', done: 0, unit: 'bytes', subject: id });
    const wrong = new Set(await store.prove(id, folder, files, signal));
    return files.filter(({ file }) => wrong.has(file));
  }

  async #refuseFull(files: readonly PlannedFile[]): Promise<void> {
    const { store, signal } = this.#options;
    const need = files.reduce((sum, { bytes, way }) => sum + bytes - (way.kind === 'send' ? way.arrivedBytes : 0), 0);
    const free = need === 0 ? null : await store.freeBytes(signal);
    if (free === null || free >= need) return;
    throw full(`${store.place}, which has ${formatBytes(free)} left for ${formatBytes(need)}`);
  }

  #tell(subject: string): void {
    const total = Math.max(this.#totalBytes, this.#sentBytes);
    this.#options.onProgress?.({ phase: 'copy', done: this.#sentBytes, total, unit: 'bytes', subject });
  }
}

/** The copy is not to blame, and what is older than this one shall not wait for ever. */
function damagedHere(folder: string, id: string, file: string): AppError {
  return new AppError('snapshot-damaged', `${join(folder, file)} does not match its hash, so it can not be copied.`, {
    hint: `Run "codex-backup verify ${id}": from then on copies leave it out. What the copy holds is intact.`,
  });
}

function unproved(place: string, id: string, file: string): AppError {
  return new AppError(
    'copy-failed',
    `${file} of ${id} arrived at ${place} with other bytes, ${formatCount(2, 'time')}.`,
    {
      hint: 'It was not published. Check that disk or that remote; what the copy holds is intact.',
    },
  );
}
