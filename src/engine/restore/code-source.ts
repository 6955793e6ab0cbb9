import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { type Skipped, snapshotFiles } from '../../shared/model.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { CodeIndex, IndexEntry } from '../code/code-index.ts';
import { extractArchive } from '../code/extract-archive.ts';
import { readIndexOnce } from '../code/index-cache.ts';
import { readEntry } from '../code/read-entry.ts';
import type { CatalogEntry } from '../snapshot/catalog.ts';
import type { Manifest } from '../snapshot/manifest.ts';

/** What a restore needs to know of one entry. */
export type SourceEntry = Omit<IndexEntry, 'pack' | 'headerOffset' | 'dataOffset'>;

/** The code of one snapshot, to be brought back. */
export interface CodeSource {
  /** By path, a folder before what is in it. */
  readonly entries: readonly SourceEntry[];
  /** Files that it holds unchanged are known to be no databases. Undefined for a snapshot of v1.5, which has none. */
  readonly index: CodeIndex | undefined;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly skipped: readonly Skipped[];
  readText(path: string): Promise<string>;
  /** Unpacks some entries, with their parents, into an empty folder; every hash is checked. */
  extract(target: string, wanted: (entry: Pick<SourceEntry, 'path'>) => boolean, options: ExtractTask): Promise<void>;
}

export interface ExtractTask {
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress | undefined;
}

/** Unpacking is a part of staging, not of writing an archive. */
export function asStaging(onProgress: OnProgress | undefined): { readonly onProgress?: OnProgress } {
  return onProgress === undefined ? {} : { onProgress: (event) => onProgress({ ...event, phase: 'stage' }) };
}

/** The manifest of a snapshot that is to be restored into its place; AppError `snapshot-damaged` where there is none. */
export function requireManifest({ snapshot, manifest }: CatalogEntry): Manifest {
  if (manifest !== null) return manifest;
  throw new AppError('snapshot-damaged', `The snapshot ${snapshot.id} (${snapshot.status}) has no manifest.`, {
    hint: 'Restore it into another folder with --to DIR, or use another snapshot: "codex-backup list".',
  });
}

/** Opens the code of a snapshot; undefined where it has none. Throws `snapshot-damaged` for one that can't be believed. */
export function openCodeSource(entry: CatalogEntry): CodeSource | undefined {
  const { snapshot } = entry;
  const manifest = requireManifest(entry);
  const { code, skipped } = manifest;
  if (code === null) return undefined;
  const archiveFile = join(snapshot.path, snapshotFiles.code);
  const index = readIndexOnce(join(snapshot.path, snapshotFiles.index));
  return {
    entries: index.entries,
    index,
    include: code.include,
    exclude: code.exclude,
    skipped,
    readText: async (path) => {
      const found = index.entries.find((each) => each.path === path);
      if (found === undefined) throw new AppError('entry-missing', `The snapshot ${snapshot.id} holds no ${path}.`);
      const chunks: Uint8Array[] = [];
      for await (const chunk of readEntry(archiveFile, index, found)) chunks.push(chunk);
      return Buffer.concat(chunks).toString('utf8');
    },
    extract: async (target, wanted, { signal, onProgress }) => {
      await extractArchive({ archiveFile, index, wanted, target, fsync: true, signal, ...asStaging(onProgress) });
    },
  };
}
