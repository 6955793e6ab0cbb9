import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { snapshotFiles } from '../../shared/model.ts';
import type { FileListing } from '../../shared/results.ts';
import { readIndexOnce, readListingOnce } from '../code/index-cache.ts';
import type { ListedEntry } from '../code/parse-index.ts';
import type { EngineContext } from '../context.ts';
import { type CatalogEntry, resolveSnapshot } from '../snapshot/catalog.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';
import { lockForReading } from './with-locks.ts';

/** Entries of a snapshot's code at and below `path`, or all of them. It reads one file at once, and so needs no lock. */
export async function files(context: EngineContext, reference: string, path?: string): Promise<readonly FileListing[]> {
  const entry = resolveSnapshot(requireBackups(context), reference);
  const listings = await listAll(context, entry);
  const wanted = normalize(path ?? '');
  if (wanted === '') return listings;
  const below = listings.filter((listing) => listing.path === wanted || listing.path.startsWith(`${wanted}/`));
  if (below.length === 0) throw missingEntry(entry, wanted);
  return below;
}

/** The content of one file; the snapshot can't be removed until it is read to its end. */
export async function cat(context: EngineContext, reference: string, path: string): Promise<AsyncIterable<Uint8Array>> {
  const lock = await lockForReading(context, 'browse');
  try {
    const entry = resolveSnapshot(requireBackups(context), reference);
    const content = await openFile(entry, normalize(path));
    return releasing(content, () => lock?.release());
  } catch (error) {
    lock?.release();
    throw error;
  }
}

async function* releasing(content: AsyncIterable<Uint8Array>, release: () => void): AsyncIterable<Uint8Array> {
  try {
    yield* content;
  } finally {
    release();
  }
}

/** Every entry of the code of a snapshot, of a v1.5 one too. */
export async function listAll(context: EngineContext, entry: CatalogEntry): Promise<readonly FileListing[]> {
  const { snapshot } = entry;
  if (snapshot.status === 'legacy') {
    const { listLegacy } = await import('../snapshot/legacy-archive.ts');
    return listLegacy(context.home, snapshot);
  }
  return readListingOnce(indexFile(entry)).map(describe);
}

async function openFile(entry: CatalogEntry, path: string): Promise<AsyncIterable<Uint8Array>> {
  const { snapshot } = entry;
  const archive = join(snapshot.path, snapshotFiles.code);
  if (snapshot.status === 'legacy') {
    const { readLegacyFile } = await import('../snapshot/legacy-archive.ts');
    return readLegacyFile(archive, path);
  }
  const index = readIndexOnce(indexFile(entry));
  const found = index.entries.find((candidate) => candidate.path === path);
  if (found === undefined) throw missingEntry(entry, path);
  if (found.kind === 'file') return (await import('../code/read-entry.ts')).readEntry(archive, index, found);
  throw new AppError(
    'entry-missing',
    `${path} is a ${found.kind}${found.kind === 'link' ? ` to ${found.target}` : ''}.`,
    {
      hint: 'Name a file. "codex-backup files ID PATH" lists what is below a folder.',
    },
  );
}

function indexFile({ snapshot, manifest }: CatalogEntry): string {
  if (manifest === null || manifest.code === null) {
    throw new AppError('snapshot-damaged', `The snapshot ${snapshot.id} has no code that can be read.`, {
      hint: 'Use another snapshot: "codex-backup list".',
    });
  }
  return join(snapshot.path, snapshotFiles.index);
}

function describe({ path, kind, size, mtimeMs, mode, target }: ListedEntry): FileListing {
  const modifiedAt = new Date(mtimeMs).toISOString();
  return { path, kind, bytes: size, modifiedAt, mode, ...(target !== undefined && { target }) };
}

/** `./a/b/` and `a/b` name the same entry. */
function normalize(path: string): string {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/');
}

function missingEntry({ snapshot }: CatalogEntry, path: string): AppError {
  return new AppError('entry-missing', `The snapshot ${snapshot.id} holds no ${path}.`, {
    hint: `See what it holds: "codex-backup files ${snapshot.id}".`,
  });
}
