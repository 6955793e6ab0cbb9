import { chmodSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { sideSuffixes } from '../brain/side-files.ts';
import { failPoint } from '../platform/fail-point.ts';
import type { Journal } from './journal.ts';
import type { Change, JournalRecord, Move } from './journal-records.ts';
import { inodeOf, moveInto, syncFolders } from './moves.ts';

export interface UndoPlaces {
  /** The parent folder of the root. */
  readonly base: string;
  /** Path of the restore's own folder, relative to `base`: what comes from there is no file of the user. */
  readonly own: string;
  /** Paths of databases that were brought, relative to `base`. */
  readonly databases: ReadonlySet<string>;
}

/** The changes that a journal has announced, in order. */
export const announcedChanges = (records: readonly JournalRecord[]): readonly Change[] =>
  records.flatMap((record) => (record.kind === 'changes' ? record.changes : []));

/**
 * Takes back all that a journal has announced, one record after the other, the last one first, and notes each. A record
 * that was taken back is not looked at again: by then an earlier one may have given its paths to other things.
 */
export function undoAll(journal: Journal, places: UndoPlaces): void {
  const records = journal.records();
  const groups = records.flatMap((record) => (record.kind === 'changes' ? [record.changes] : []));
  const undone = new Set(records.flatMap((record) => (record.kind === 'undone' ? [record.changes] : [])));
  let count = 0;
  for (const [index, changes] of [...groups.entries()].toReversed()) {
    if (!undone.has(index + 1)) {
      undoChanges(changes, places, count);
      journal.append({ kind: 'undone', changes: index + 1 });
    }
    count += changes.length;
  }
}

/**
 * Takes changes back, the last one first, made or not: each looks where the thing is now. So it may be interrupted
 * and run again, any number of times. What lies in the way is moved into `aside/` of the restore's folder.
 * `countBefore` numbers the fail points.
 */
export function undoChanges(changes: readonly Change[], places: UndoPlaces, countBefore = 0): void {
  for (const [index, change] of changes.toReversed().entries()) {
    failPoint(`undo:${countBefore + index + 1}:before`);
    undoChange(change, places);
    failPoint(`undo:${countBefore + index + 1}:after`);
  }
  syncFolders(places.base, changes);
}

function undoChange(change: Change, places: UndoPlaces): void {
  const { base } = places;
  switch (change.kind) {
    case 'move':
      undoMove(change, places);
      break;
    case 'make':
      if (inodeOf(join(base, change.path)) !== undefined) moveAside(change.path, places);
      break;
    case 'mode':
      if (inodeOf(join(base, change.path)) !== undefined) chmodSync(join(base, change.path), change.before);
  }
}

function undoMove({ from, to, ino }: Move, places: UndoPlaces): void {
  const { base, own } = places;
  const [origin, target] = [join(base, from), join(base, to)];
  const atOrigin = inodeOf(origin);
  if (atOrigin === ino) return; // never moved, or moved back already
  const atTarget = inodeOf(target);
  if (atTarget !== ino) {
    if (!from.startsWith(`${own}/`)) throw lost(origin, target);
    // Ours, and since replaced or removed by somebody: what they made is set aside.
    if (atTarget !== undefined) moveAside(to, places);
    return;
  }
  if (atOrigin !== undefined) moveAside(from, places);
  // First, because once the file has moved nothing tells that they belong to it.
  if (places.databases.has(to)) moveSideFiles(target, origin);
  moveInto(target, origin);
}

/** What a program has since made beside a database goes with it: beside the one that comes back it would destroy that. */
function moveSideFiles(target: string, origin: string): void {
  for (const suffix of sideSuffixes) {
    if (inodeOf(target + suffix) !== undefined) moveInto(target + suffix, origin + suffix);
  }
}

/** Something that another program made where ours or the user's has to go: kept, under a name of its own. */
function moveAside(path: string, { base, own }: UndoPlaces): void {
  const folder = join(base, own, 'aside');
  let number = 1;
  while (existsSync(join(folder, String(number)))) number += 1;
  moveInto(join(base, path), join(folder, String(number), basename(path)));
}

function lost(origin: string, target: string): AppError {
  return new AppError('io', `What was at ${origin} is neither there nor at ${target}.`, {
    hint: 'Another program moved or removed it. Nothing was deleted by this program; restore the safety snapshot.',
  });
}
