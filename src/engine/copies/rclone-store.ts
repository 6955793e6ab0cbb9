import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { snapshotFiles } from '../../shared/model.ts';
import { z } from '../../shared/zod.ts';
import { failPoint } from '../platform/fail-point.ts';
import { parseJson } from '../platform/parse-json.ts';
import { noMeta } from '../snapshot/meta.ts';
import { markerName } from './copy-marker.ts';
import type { CopiedFile, CopyStore, OnBytes, StoreContents, StoredFrom } from './copy-store.ts';
import type { Rclone, RcloneEnding } from './rclone.ts';
import { rcloneFailure } from './rclone-failure.ts';
import { incomingPrefix } from './read-folder.ts';
import { readRemoteContents } from './read-remote.ts';

const featuresSchema = z.object({
  Hashes: z.array(z.string()).nullish(),
  Features: z.object({ Copy: z.boolean(), DirMove: z.boolean() }),
});

/** What rclone exits with when a file or folder is not there. */
const notFound = new Set([3, 4]);

interface RemoteFacts {
  readonly hashes: readonly string[];
  /** It copies on its own side. */
  readonly copies: boolean;
  /** It gives a folder another name in one step. */
  readonly renames: boolean;
}

export interface RcloneStoreOptions {
  readonly remote: string;
  readonly rclone: Rclone;
  /** A folder of this machine in which the manifests of the remote are kept. */
  readonly cache: string;
}

/** A copy on a remote of rclone. It knows no storage itself, and no secret. */
export function createRcloneStore({ remote, rclone, cache }: RcloneStoreOptions): CopyStore {
  return new RcloneStore(remote.replace(/\/+$/, ''), rclone, cache);
}

class RcloneStore implements CopyStore {
  readonly kind = 'rclone';
  readonly place: string;
  readonly #rclone: Rclone;
  readonly #cache: string;
  #facts: Promise<RemoteFacts> | undefined;
  #free: Promise<number | null> | undefined;
  /** How it proves what has arrived, once that is found out. */
  #check: readonly string[] | undefined;
  /** Folders with a snapshot's name, as of the last look. */
  #present: ReadonlySet<string> = new Set();

  constructor(place: string, rclone: Rclone, cache: string) {
    this.place = place;
    this.#rclone = rclone;
    this.#cache = cache;
  }

  requireHere(): void {
    // A remote that went away says so by itself, at the next step.
  }

  async readMarker(signal: AbortSignal): Promise<string | undefined> {
    const text = await this.#cat(markerName, signal);
    if (text === undefined) await this.#refuseUndecryptable(signal);
    return text;
  }

  async writeMarker(text: string, signal: AbortSignal): Promise<void> {
    await this.#write(markerName, text, signal);
    if ((await this.#cat(markerName, signal)) === text) return;
    throw new AppError('copy-failed', `What was written to ${this.place} reads back otherwise.`, {
      hint: `Try that remote by hand: "rclone lsf ${this.place}".`,
    });
  }

  async canLink(signal: AbortSignal): Promise<boolean> {
    return (await this.#ask(signal)).copies;
  }

  freeBytes(signal: AbortSignal): Promise<number | null> {
    this.#free ??= this.#askFree(signal);
    return this.#free;
  }

  async #askFree(signal: AbortSignal): Promise<number | null> {
    // Many remotes don't know, and then nothing is to be said of it.
    const { code, stdout } = await this.#rclone(['about', '--json', this.#rootOf()], { signal });
    const parsed = z.object({ free: z.number() }).safeParse(code === 0 ? parseJson(stdout) : undefined);
    return parsed.success ? parsed.data.free : null;
  }

  async read(signal: AbortSignal): Promise<StoreContents> {
    const contents = await readRemoteContents({
      cache: this.#cache,
      list: async () => {
        const args = ['lsjson', '-R', '--files-only', '--no-mimetype', '--no-modtime', this.place];
        const ending = await this.#rclone(args, { signal });
        return notFound.has(ending.code) ? '[]' : this.#require(ending).stdout;
      },
      fetch: (files) => this.#copyFiles(this.place, this.#cache, files, signal, ['--ignore-times']),
    });
    this.#present = new Set([...contents.snapshots, ...contents.unreadable].map(({ id }) => id));
    return contents;
  }

  async link(
    id: string,
    files: readonly (CopiedFile & { readonly from: StoredFrom })[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const folder = await this.#incoming(id, signal);
    await this.#claim(id, signal);
    const refused: string[] = [];
    // One command for all that keep their names; the others, of which there is hardly ever one, travel.
    for (const [source, group] of Map.groupBy(files, ({ from }) => from.id)) {
      const names = group.filter(({ file, from }) => file === from.file).map(({ file }) => file);
      const args = ['copy', '--files-from-raw', '-', '--no-traverse', this.#at(source), folder];
      const { code } = await this.#rclone(args, { signal, input: names.join('\n') });
      refused.push(...group.map(({ file }) => file).filter((file) => code !== 0 || !names.includes(file)));
      failPoint('copy:linked');
    }
    return refused;
  }

  /** Without a rename it lies under its own name before it is whole, and must not look like one of v1.5, which stays. */
  async #claim(id: string, signal: AbortSignal): Promise<void> {
    const { renames } = await this.#ask(signal);
    if (!renames) await this.#write(`${id}/${snapshotFiles.restoreText}`, 'It is not whole yet.\n', signal);
  }

  async send(
    id: string,
    folder: string,
    files: readonly CopiedFile[],
    onBytes: OnBytes,
    signal: AbortSignal,
  ): Promise<void> {
    const names = files.map(({ file }) => file);
    const { renames } = await this.#ask(signal);
    // For the reason of #claim.
    const first = new Set<string>(renames ? [] : names.filter((name) => name === snapshotFiles.restoreText));
    for (const part of [[...first], names.filter((name) => !first.has(name))]) {
      if (part.length === 0) continue;
      await this.#copyFiles(folder, await this.#incoming(id, signal), part, signal, [], onBytes);
      failPoint('copy:sent');
    }
  }

  /** By hashes that the remote knows; else every byte comes back. */
  async prove(
    id: string,
    folder: string,
    files: readonly CopiedFile[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const target = await this.#incoming(id, signal);
    const names = files.map(({ file }) => file);
    const { hashes } = await this.#ask(signal);
    const check = (command: readonly string[]): Promise<RcloneEnding> =>
      this.#rclone([...command, '--one-way', '--files-from-raw', '-', '--combined', '-', folder, target], {
        signal,
        input: names.join('\n'),
      });
    this.#check ??= hashes.length > 0 ? ['check'] : ['cryptcheck'];
    let ending = await check(this.#check);
    if (this.#check[0] === 'cryptcheck' && ending.stdout.trim() === '') {
      // Not a crypt remote, or one over a remote that knows no hashes.
      this.#check = ['check', '--download'];
      ending = await check(this.#check);
    }
    const good = new Set(ending.stdout.split('\n').flatMap((line) => (line.startsWith('= ') ? [line.slice(2)] : [])));
    if (ending.code !== 0 && ending.stdout.trim() === '') throw this.#failure(ending);
    failPoint('copy:proved');
    return names.filter((name) => !good.has(name));
  }

  async removeIncoming(id: string, file: string | undefined, signal: AbortSignal): Promise<void> {
    const folder = await this.#incoming(id, signal);
    const args = file === undefined ? ['purge', folder] : ['deletefile', `${folder}/${file}`];
    const ending = await this.#rclone([...args, '--retries=1'], { signal });
    if (!isGone(ending)) this.#require(ending);
  }

  async publish(id: string, folder: string, signal: AbortSignal): Promise<void> {
    const { renames } = await this.#ask(signal);
    const target = await this.#incoming(id, signal);
    // A damaged one of that name makes room.
    if (renames && this.#present.has(id)) await this.remove(id, signal);
    const manifest = join(folder, snapshotFiles.manifest);
    this.#require(
      await this.#rclone(['copyto', '--ignore-times', manifest, `${target}/${snapshotFiles.manifest}`], { signal }),
    );
    failPoint('copy:flushed');
    const name = target.slice(this.#at().length);
    if ((await this.#cat(`${name}/${snapshotFiles.manifest}`, signal)) !== readFileSync(manifest, 'utf8')) {
      await this.#rclone(['deletefile', `${target}/${snapshotFiles.manifest}`], { signal });
      throw new AppError('copy-failed', `The manifest of ${id} reads back otherwise at ${this.place}.`, {
        hint: 'It was not published. Check that remote; what the copy holds is intact.',
      });
    }
    if (renames) this.#require(await this.#rclone(['moveto', target, this.#at(id)], { signal }));
    failPoint('copy:published');
  }

  async writeRecord(
    id: string,
    { pinned, note }: { readonly pinned: boolean; readonly note: string },
    signal: AbortSignal,
  ): Promise<void> {
    await this.#write(`.meta/${id}.json`, `${JSON.stringify({ ...noMeta, pinned, note }, null, 2)}\n`, signal);
  }

  /** The manifest goes first: what is left when that is broken off is no snapshot any more, and none of v1.5 either. */
  async remove(id: string, signal: AbortSignal): Promise<void> {
    for (const args of [
      ['deletefile', this.#at(id, snapshotFiles.manifest)],
      ['delete', this.#at(id), `--exclude=/${snapshotFiles.restoreText}`],
      ['purge', this.#at(id)],
      ['deletefile', `${this.#at('.meta')}/${id}.json`],
    ]) {
      const ending = await this.#rclone([...args, '--retries=1'], { signal });
      if (!isGone(ending)) this.#require(ending);
      failPoint('remove:renamed');
    }
  }

  async fetch(
    id: string,
    folder: string,
    files: readonly string[],
    onBytes: OnBytes,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#copyFiles(this.#at(id), folder, files, signal, [], onBytes);
  }

  async hash(files: readonly StoredFrom[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const input = files.map(({ id, file }) => `${id}/${file}`).join('\n');
    const args = ['hashsum', 'sha256', '--download', '--files-from-raw', '-', this.place];
    const ending = await this.#rclone(args, { signal, input });
    const lines = ending.stdout.split('\n').flatMap((line) => {
      const [, hash = '', name = ''] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
      return name === '' ? [] : [[name, hash] as const];
    });
    if (ending.code !== 0 && lines.length === 0) throw this.#failure(ending);
    return new Map(lines);
  }

  async test(signal: AbortSignal): Promise<void> {
    const name = `.test-${randomBytes(6).toString('hex')}.tmp`;
    const text = randomBytes(500).toString('hex');
    await this.#write(name, text, signal);
    const found = await this.#cat(name, signal);
    this.#require(await this.#rclone(['deletefile', this.#at(name)], { signal }));
    if (found === text) return;
    throw new AppError('copy-failed', `What was written to ${this.place} reads back otherwise.`, {
      hint: `Try that remote by hand: "rclone lsf ${this.place}".`,
    });
  }

  #at(...names: readonly string[]): string {
    return `${this.place}${this.place.endsWith(':') ? '' : '/'}${names.join('/')}`;
  }

  /** The remote without the folder on it. */
  #rootOf(): string {
    return this.place.slice(0, this.place.indexOf(':') + 1);
  }

  async #incoming(id: string, signal: AbortSignal): Promise<string> {
    const { renames } = await this.#ask(signal);
    return this.#at(renames ? `${incomingPrefix}${id}` : id);
  }

  #ask(signal: AbortSignal): Promise<RemoteFacts> {
    this.#facts ??= this.#askFeatures(signal);
    this.#facts.catch(() => {
      this.#facts = undefined;
    });
    return this.#facts;
  }

  async #askFeatures(signal: AbortSignal): Promise<RemoteFacts> {
    const { stdout } = this.#require(await this.#rclone(['backend', 'features', this.place], { signal }));
    const parsed = featuresSchema.safeParse(parseJson(stdout));
    // A version that says it otherwise: then nothing is taken for granted.
    if (!parsed.success) return { hashes: [], copies: false, renames: false };
    const { Hashes, Features } = parsed.data;
    return { hashes: Hashes ?? [], copies: Features.Copy, renames: Features.DirMove };
  }

  async #cat(name: string, signal: AbortSignal): Promise<string | undefined> {
    const ending = await this.#rclone(['cat', this.#at(name), '--retries=1'], { signal });
    if (notFound.has(ending.code)) return undefined;
    const { stdout } = this.#require(ending);
    return stdout === '' ? undefined : stdout;
  }

  async #write(name: string, text: string, signal: AbortSignal): Promise<void> {
    this.#require(await this.#rclone(['rcat', this.#at(name)], { signal, input: text }));
  }

  async #copyFiles(
    from: string,
    to: string,
    files: readonly string[],
    signal: AbortSignal,
    options: readonly string[],
    onBytes?: OnBytes,
  ): Promise<void> {
    if (files.length === 0) return;
    const args = ['copy', '--files-from-raw', '-', '--no-traverse', ...options, from, to];
    this.#require(await this.#rclone(args, { signal, input: files.join('\n'), onBytes }));
  }

  /** With another password, a crypt remote looks empty: names that it can't decrypt are passed over. */
  async #refuseUndecryptable(signal: AbortSignal): Promise<void> {
    const { messages } = await this.#rclone(['lsf', '--max-depth=1', '-vv', this.place, '--retries=1'], { signal });
    if (!messages.some((message) => message.includes('Skipping undecryptable'))) return;
    throw new AppError(
      'copy-login',
      `${this.place} holds names that can not be decrypted: its password is another one.`,
      {
        hint: `Correct "password" and "password2" of ${this.#rootOf()} in "rclone config". Nothing was written.`,
      },
    );
  }

  #require(ending: RcloneEnding): RcloneEnding {
    if (ending.code === 0) return ending;
    throw this.#failure(ending);
  }

  #failure({ messages }: RcloneEnding): AppError {
    return rcloneFailure(this.place, messages);
  }
}

/** Nothing was there that could be removed. */
function isGone({ code, messages }: RcloneEnding): boolean {
  if (code === 0 || notFound.has(code)) return true;
  return messages.some((message) => /not found|doesn't exist|404/i.test(message));
}
