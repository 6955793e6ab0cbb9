import { chmodSync, lstatSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { syncFolder } from '../platform/durable-file.ts';
import { failPoint } from '../platform/fail-point.ts';
import type { Journal } from './journal.ts';
import type { Change } from './journal-records.ts';

/** A change as it is asked for; what undoing needs besides is looked up when it is announced. */
export type WantedChange =
  | { readonly kind: 'move'; readonly from: string; readonly to: string }
  | { readonly kind: 'make'; readonly path: string; readonly aside: string }
  | { readonly kind: 'mode'; readonly path: string; readonly mode: number };

/**
 * Changes the tree below `base`: announces all changes in the journal, makes them in order, flushes the folders, and
 * notes that they are done. A move never replaces anything. Whatever happens, `undoChanges` leads back.
 */
export function makeChanges(base: string, journal: Journal, wanted: readonly WantedChange[]): void {
  if (wanted.length === 0) return;
  const before = countChanges(journal);
  const changes = wanted.map((change) => describeChange(base, change));
  journal.append({ kind: 'changes', changes });
  for (const [index, change] of changes.entries()) {
    failPoint(`change:${before + index + 1}:before`);
    makeChange(base, change);
    failPoint(`change:${before + index + 1}:after`);
  }
  syncFolders(base, changes);
  journal.append({ kind: 'changed' });
}

/** How many changes a journal has announced. */
const countChanges = (journal: Journal): number =>
  journal.records().reduce((sum, record) => sum + (record.kind === 'changes' ? record.changes.length : 0), 0);

/** Flushes the folders in which something came or went. */
export function syncFolders(base: string, changes: readonly Change[]): void {
  const paths = changes.flatMap((change) => (change.kind === 'move' ? [change.from, change.to] : [change.path]));
  for (const folder of new Set(paths.map((path) => dirname(join(base, path))))) {
    if (inodeOf(folder) !== undefined) syncFolder(folder);
  }
}

/** The inode of what lies at a path, links not followed; undefined where nothing does. */
export function inodeOf(path: string): string | undefined {
  try {
    return String(lstatSync(path, { bigint: true }).ino);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Renames, and makes the folder to move into where it is missing. Throws `target-exists` rather than replace anything. */
export function moveInto(from: string, to: string): void {
  if (inodeOf(to) !== undefined) {
    throw new AppError('target-exists', `${to} is there already, and nothing may be replaced.`, {
      hint: 'Another program made it meanwhile. Stop that program, then try again.',
    });
  }
  try {
    renameSync(from, to);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  }
}

function describeChange(base: string, change: WantedChange): Change {
  if (change.kind === 'make') return change;
  if (change.kind === 'mode') {
    const before = lstatSync(join(base, change.path)).mode & 0o7777;
    return { kind: 'mode', path: change.path, before, after: change.mode };
  }
  const ino = inodeOf(join(base, change.from));
  if (ino !== undefined) return { ...change, ino };
  throw new AppError('io', `${join(base, change.from)} is gone.`, {
    hint: 'Another program removed it meanwhile. Stop that program, then try again.',
  });
}

function makeChange(base: string, change: Change): void {
  if (change.kind === 'move') moveInto(join(base, change.from), join(base, change.to));
  if (change.kind === 'mode') chmodSync(join(base, change.path), change.after);
}
