import { chmodSync, linkSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { formatBytes } from '../../shared/format.ts';
import { snapshotFiles } from '../../shared/model.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { freeBytes } from '../platform/disk-space.ts';
import { syncFile } from '../platform/durable-file.ts';
import { failPoint } from '../platform/fail-point.ts';
import { hashFile } from '../platform/hash-file.ts';
import type { CatalogEntry } from '../snapshot/catalog.ts';
import { readManifest } from '../snapshot/manifest.ts';
import { readCandidates, wholeOnes } from './candidates.ts';
import type { CopyStore, StoredSnapshot } from './copy-store.ts';
import { type PlannedFile, planCopy } from './plan-copy.ts';
import { incomingPrefix, readFolderContents } from './read-folder.ts';

export interface FetchOptions {
  readonly store: CopyStore;
  readonly stored: StoredSnapshot;
  /** Where it is to come, and what is there. */
  readonly folder: string;
  readonly catalog: readonly CatalogEntry[];
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress | undefined;
}

const staleMs = 7 * 86_400_000;

/**
 * Brings a snapshot from a copy into a folder with the layout of a backups folder, and proves every byte; it is not
 * published yet. What the folder has already is linked, and what has arrived before is not fetched again.
 */
export async function fetchIncoming(options: FetchOptions): Promise<void> {
  const { store, stored, folder, signal } = options;
  const { id } = stored;
  const incoming = join(folder, `${incomingPrefix}${id}`);
  dropStale(folder, id);
  const files = planFetch(options);
  mkdirSync(incoming, { recursive: true, mode: 0o700 });
  const toFetch = files.filter((file) => !isThere(folder, incoming, file));
  refuseFull(folder, toFetch);
  const fetch = fetcher(options, incoming, toFetch);
  const manifest = { file: snapshotFiles.manifest };
  rmSync(join(incoming, manifest.file), { force: true });
  await fetch([...toFetch, manifest]);
  failPoint('fetch:arrived');
  const wrong = await findWrong(incoming, files, signal);
  for (const { file } of wrong) rmSync(join(incoming, file), { force: true });
  await fetch(wrong);
  const [still] = await findWrong(incoming, wrong, signal);
  if (still !== undefined) {
    rmSync(incoming, { recursive: true, force: true });
    throw new AppError('snapshot-damaged', `${still.file} of ${id} in ${store.place} does not match its hash.`, {
      hint: 'Use another snapshot of the copy, or another copy.',
    });
  }
  readManifest(join(incoming, manifest.file));
  makePrivate(incoming);
}

/** Files of a snapshot are 0600 and flushed, its folders 0700, whoever brought them. */
function makePrivate(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    chmodSync(path, entry.isDirectory() ? 0o700 : 0o600);
    if (entry.isFile()) syncFile(path);
  }
}

/** The same plan as for a copy, the other way round. */
function planFetch({ store, stored, folder, catalog }: FetchOptions): readonly PlannedFile[] {
  const [planned] = planCopy({
    source: wholeOnes([stored], () => false),
    stored: readCandidates(catalog).candidates.filter(({ id }) => id !== stored.id),
    incoming: readFolderContents(folder).incoming,
    rules: {},
    alarm: null,
    canLink: true,
  }).add;
  if (planned !== undefined) return planned.files;
  throw new AppError('snapshot-damaged', `${stored.id} in ${store.place} is damaged: ${stored.wrong.join(', ')}.`, {
    hint: 'Use another snapshot of the copy.',
  });
}

function fetcher(
  { store, stored: { id }, signal, onProgress }: FetchOptions,
  incoming: string,
  all: readonly PlannedFile[],
) {
  const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const onBytes = (bytes: number): void => {
    done += bytes;
    onProgress?.({ phase: 'fetch', done, total: Math.max(total, done), unit: 'bytes', subject: id });
  };
  return async (files: readonly { readonly file: string }[]): Promise<void> => {
    if (files.length > 0)
      await store.fetch(
        id,
        incoming,
        files.map(({ file }) => file),
        onBytes,
        signal,
      );
  };
}

/** What was begun long ago and never ended. */
function dropStale(folder: string, id: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(incomingPrefix) || name === `${incomingPrefix}${id}`) continue;
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.mtimeMs > staleMs) rmSync(join(folder, name), { recursive: true });
  }
}

/** True where a file has arrived, or can be linked to what another snapshot has. */
function isThere(folder: string, incoming: string, { file, way }: PlannedFile): boolean {
  if (way.kind === 'arrived') return true;
  if (way.kind === 'send') return false;
  const path = join(incoming, file);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    rmSync(path, { force: true });
    linkSync(join(folder, way.from.id, way.from.file), path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    // It can not be linked here, so it travels.
    return false;
  }
}

async function findWrong(
  incoming: string,
  files: readonly PlannedFile[],
  signal: AbortSignal,
): Promise<readonly PlannedFile[]> {
  const wrong: PlannedFile[] = [];
  for (const planned of files) {
    const path = join(incoming, planned.file);
    const isFile = lstatSync(path, { throwIfNoEntry: false })?.size === planned.bytes;
    if (!isFile || (await hashFile(path, signal)) !== planned.sha256) wrong.push(planned);
  }
  return wrong;
}

function refuseFull(folder: string, files: readonly PlannedFile[]): void {
  const need = files.reduce((sum, { bytes, way }) => sum + bytes - (way.kind === 'send' ? way.arrivedBytes : 0), 0);
  const free = freeBytes(folder);
  if (free >= need) return;
  throw new AppError('disk-full', `${folder} has ${formatBytes(free)} left, and ${formatBytes(need)} are to come.`, {
    hint: 'Free some space, or name another backups folder with --backups.',
  });
}
