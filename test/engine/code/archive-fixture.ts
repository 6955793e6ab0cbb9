import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ArchiveResult, type WriteArchiveOptions, writeArchive } from '../../../src/engine/code/archive-writer.ts';
import { verifyArchive } from '../../../src/engine/snapshot/verify-archive.ts';
import { listTree } from './list-tree.ts';

export type Written = Extract<ArchiveResult, { kind: 'written' }>;

/** A time long past, so that files are not racy unless a test wants them to be. */
export const longAgo = new Date('2024-03-01T10:00:00Z');

/** When an archive counts as begun: well after anything that the tests write now. */
export const later = (): number => Date.now() + 60_000;

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'codex-archive-'));
  onTestFinished(() => {
    execFileSync('chmod', ['-R', 'u+rwX', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A tree with these files, all of them long unmodified. */
export function makeTree(files: Readonly<Record<string, string | Buffer>>): string {
  const root = join(temporaryFolder(), 'root');
  mkdirSync(root);
  for (const [path, content] of Object.entries(files)) writeFile(root, path, content);
  return root;
}

export function writeFile(root: string, path: string, content: string | Buffer, time = longAgo): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  utimesSync(join(root, path), time, time);
}

/** 40 folders of 5 files: enough for several packs. */
export function manyFiles(bytes = 3000): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  for (let i = 0; i < 200; i += 1) files[`dir${i % 40}/file${i}.txt`] = pseudoRandom(bytes + i, i + 1);
  return files;
}

/** Bytes that don't compress, the same for the same seed. */
export function pseudoRandom(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = (seed * 2654435761) >>> 0 || 1;
  for (let i = 0; i < length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

let archives = 0;

export interface Archived {
  readonly archiveFile: string;
  readonly result: ArchiveResult;
}

/** Archives a tree into a new file beside it. */
export async function archive(root: string, options: Partial<WriteArchiveOptions> = {}): Promise<Archived> {
  archives += 1;
  const archiveFile = join(dirname(root), `archive-${archives}.tar.gz`);
  const result = await writeArchive({
    root,
    entries: listTree(root),
    archiveFile,
    rereadAll: false,
    startedAtMs: later(),
    signal: new AbortController().signal,
    ...options,
  });
  return { archiveFile, result };
}

/** Archives a tree that must give a new archive. */
export async function archiveWritten(
  root: string,
  options: Partial<WriteArchiveOptions> = {},
): Promise<{ readonly archiveFile: string; readonly result: Written }> {
  const { archiveFile, result } = await archive(root, options);
  if (result.kind !== 'written') throw new Error('nothing was written');
  return { archiveFile, result };
}

/** The archive as the next one's `previous`. */
export function asPrevious({ archiveFile, result }: { readonly archiveFile: string; readonly result: Written }): {
  readonly previous: NonNullable<WriteArchiveOptions['previous']>;
} {
  return { previous: { archiveFile, index: result.index } };
}

/** Reads all of an archive back. */
export async function problemsOf({ archiveFile, result }: { readonly archiveFile: string; readonly result: Written }) {
  const { index, bytes, sha256 } = result;
  return verifyArchive({ archiveFile, index, expected: { bytes, sha256 }, signal: new AbortController().signal });
}

/** Unpacks with GNU tar and answers path → content of the regular files. */
export function unpack(archiveFile: string): Map<string, string> {
  const folder = temporaryFolder();
  execFileSync('tar', ['-xzf', archiveFile, '-C', folder]);
  const files = listTree(folder).filter(({ kind }) => kind === 'file');
  return new Map(files.map(({ path }) => [path, readFileSync(join(folder, path), 'latin1')]));
}
