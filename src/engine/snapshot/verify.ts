import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, reportError } from '../../shared/app-error.ts';
import { type DatabasePart, type SnapshotStatus, snapshotFiles } from '../../shared/model.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { CheckProcess } from '../brain/check.ts';
import { readIndex } from '../code/code-index.ts';
import { hashFile } from '../platform/hash-file.ts';
import type { CatalogEntry } from './catalog.ts';
import { vouchedFiles } from './describe-snapshot.ts';
import type { Problem } from './problem.ts';
import { verifyArchive } from './verify-archive.ts';

export interface VerifyOptions {
  readonly checker: CheckProcess;
  /** For copies of databases that can't be checked where they lie. */
  readonly scratchFolder: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress | undefined;
}

export interface Verification {
  readonly status: SnapshotStatus;
  readonly problems: readonly Problem[];
}

/**
 * Reads every byte of a snapshot again and holds it against the manifest: the files that are there, their hashes, the
 * databases through SQLite, the archive entry by entry. Changes nothing.
 */
export async function verifySnapshot(entry: CatalogEntry, options: VerifyOptions): Promise<Verification> {
  const { snapshot, manifest } = entry;
  if (snapshot.status === 'legacy') {
    const { verifyLegacy } = await import('./verify-legacy.ts');
    return { status: 'legacy', problems: await verifyLegacy(snapshot.path, options) };
  }
  if (manifest === null) {
    const problems = snapshot.warnings.map(({ message }) => ({ file: snapshotFiles.manifest, message }));
    return { status: 'damaged', problems };
  }
  const expected = vouchedFiles(manifest);
  const problems: Problem[] = [
    ...comparePaths(snapshot.path, [snapshotFiles.manifest, ...expected.map(({ file }) => file)]),
  ];
  const damaged = new Set<string>();
  for (const { file, bytes, sha256 } of expected) {
    options.signal.throwIfAborted();
    const problem = await compareFile(snapshot.path, { file, bytes, sha256 }, options.signal);
    if (problem === undefined) continue;
    damaged.add(file);
    problems.push(problem);
  }
  for (const part of [manifest.brain, ...manifest.databases].filter((part) => part !== null)) {
    if (!damaged.has(part.file)) problems.push(...(await verifyDatabase(snapshot.path, part, options)));
  }
  if (manifest.code !== null && !damaged.has(snapshotFiles.index)) {
    problems.push(...(await verifyCode(snapshot.path, manifest.code, options)));
  }
  return { status: problems.length > 0 ? 'damaged' : manifest.status, problems: withoutRepeats(problems) };
}

/** Names that are there and should not be, and the other way round. Links and empty folders count as extra. */
function comparePaths(folder: string, expected: readonly string[]): readonly Problem[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const nameOf = (entry: Dirent): string => join(entry.parentPath, entry.name).slice(folder.length + 1);
  const found = new Set(entries.filter((entry) => !entry.isDirectory()).map(nameOf));
  const folders = entries.filter((entry) => entry.isDirectory()).map(nameOf);
  const extra = [
    ...[...found].filter((file) => !expected.includes(file)),
    ...folders.filter((name) => ![...expected, ...found].some((file) => file.startsWith(`${name}/`))),
  ];
  return [
    ...expected.filter((file) => !found.has(file)).map((file) => ({ file, message: 'is missing' })),
    ...extra.map((file) => ({ file, message: 'is not in the manifest' })),
  ];
}

async function compareFile(
  folder: string,
  { file, bytes, sha256 }: { readonly file: string; readonly bytes: number; readonly sha256: string },
  signal: AbortSignal,
): Promise<Problem | undefined> {
  const path = join(folder, file);
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { file, message: 'is missing' };
  if (!stats.isFile()) return { file, message: 'is not a regular file' };
  if (stats.size !== bytes) return { file, message: `has ${stats.size} bytes instead of ${bytes}` };
  try {
    return (await hashFile(path, signal)) === sha256
      ? undefined
      : { file, message: 'its bytes do not match their hash' };
  } catch (error) {
    signal.throwIfAborted();
    return { file, message: `can not be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function verifyDatabase(folder: string, part: DatabasePart, options: VerifyOptions): Promise<readonly Problem[]> {
  const { checker, scratchFolder, signal, onProgress } = options;
  try {
    const check = await checker.checkPublishedDatabase({
      file: join(folder, part.file),
      scratchFolder,
      signal,
      ...(onProgress !== undefined && { onProgress }),
    });
    // Of a database that was corrupt at its source, only the bytes can be proven: see compareFile.
    const isAsSaved = check.integrity === 'ok' || part.integrity !== 'ok';
    const problems: string[] = isAsSaved ? [] : [`integrity check says: ${check.integrity}`];
    const rows = new Map(check.tables.map((table) => [table.name, table.rows]));
    for (const { name, rows: expected } of part.tables) {
      if (rows.get(name) !== expected)
        problems.push(`table ${name} has ${rows.get(name) ?? 'no'} rows instead of ${expected}`);
    }
    return problems.map((message) => ({ file: part.file, message }));
  } catch (error) {
    signal.throwIfAborted();
    return [{ file: part.file, message: reportError(error).message }];
  }
}

async function verifyCode(
  folder: string,
  expected: { readonly bytes: number; readonly sha256: string },
  { signal, onProgress }: VerifyOptions,
): Promise<readonly Problem[]> {
  try {
    return await verifyArchive({
      archiveFile: join(folder, snapshotFiles.code),
      index: readIndex(join(folder, snapshotFiles.index)),
      expected,
      signal,
      ...(onProgress !== undefined && { onProgress }),
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    return [{ file: snapshotFiles.code, message: error.message }];
  }
}

function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.file}\n${problem.message}`, problem])).values()];
}
