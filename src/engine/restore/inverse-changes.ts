import { dirname, join } from 'node:path';
import { sideSuffixes } from '../brain/side-files.ts';
import type { Change, JournalRecord, Move } from './journal-records.ts';
import { replacedDatabases } from './journal-records.ts';
import { inodeOf, type WantedChange } from './moves.ts';
import type { RestoreFolder } from './restore-folder.ts';

/**
 * The changes that lead back to before a restore, from its journal: in groups to be made one after the other, the last
 * one first. What the restore kept comes back; what is in its place now, whoever made it, goes below `replaced`. With a
 * database go the side files that it has by now: beside another one they would destroy it.
 */
export function inverseChanges(
  records: readonly JournalRecord[],
  folder: RestoreFolder,
  replaced: string,
): readonly (readonly WantedChange[])[] {
  const groups = records.flatMap((record) => (record.kind === 'changes' ? [record.changes] : []));
  const databases = replacedDatabases(records);
  return groups.toReversed().map((changes, index) => {
    const aside = `${replaced}/${index + 1}`;
    const wanted = changes.toReversed().flatMap((change) => inverse(change, folder, aside));
    const moved = new Set(wanted.flatMap((change) => (change.kind === 'move' ? [change.from] : [])));
    return wanted.flatMap((change) => [
      change,
      ...sideMoves(change, databases, folder).filter(({ from }) => !moved.has(from)),
    ]);
  });
}

type MoveChange = Extract<WantedChange, { kind: 'move' }>;

function sideMoves(
  change: WantedChange,
  databases: ReadonlySet<string>,
  { base }: RestoreFolder,
): readonly MoveChange[] {
  if (change.kind !== 'move' || !databases.has(change.from)) return [];
  const { from, to } = change;
  return sideSuffixes
    .filter((suffix) => inodeOf(join(base, from + suffix)) !== undefined)
    .map((suffix) => ({ kind: 'move', from: from + suffix, to: to + suffix }));
}

function inverse(change: Change, folder: RestoreFolder, aside: string): readonly WantedChange[] {
  const { base, root } = folder;
  const moveAside = (path: string): readonly WantedChange[] => [
    { kind: 'move', from: path, to: `${aside}/${path === root ? root : path.slice(root.length + 1)}` },
  ];
  switch (change.kind) {
    case 'move':
      if (isOfUser(change.from, folder)) return [{ kind: 'move', from: change.to, to: change.from }];
      return moveAside(change.to);
    case 'make':
      return moveAside(change.path);
    case 'mode':
      return inodeOf(join(base, change.path)) === undefined
        ? []
        : [{ kind: 'mode', path: change.path, mode: change.before }];
  }
}

/** Not in the restores folder: in the root, or in one that a full restore has renamed. */
const isOfUser = (path: string, { own }: RestoreFolder): boolean => !path.startsWith(`${dirname(own)}/`);

/** Whether a restore still has everything that it kept, but for side files: opening a kept database may take them in. */
export function hasAllKept(records: readonly JournalRecord[], folder: RestoreFolder): boolean {
  const moves = records
    .flatMap((record) => (record.kind === 'changes' ? record.changes : []))
    .filter((change) => change.kind === 'move');
  const databases = [...replacedDatabases(records)];
  const sides = new Set(databases.flatMap((path) => sideSuffixes.map((suffix) => path + suffix)));
  const renames = [...moves.entries()].filter(([, { from }]) => !from.includes('/'));
  return moves.every(({ from, to, ino }, index) => {
    if (!isOfUser(from, folder) || sides.has(from)) return true;
    const later = renames.filter(([at]) => at > index).map(([, move]) => move);
    return inodeOf(join(folder.base, follow(to, later))) === ino;
  });
}

/** Where a path leads after a whole root was renamed. */
const follow = (path: string, renames: readonly Move[]): string =>
  renames.reduce(
    (place, { from, to }) => (place === from || place.startsWith(`${from}/`) ? to + place.slice(from.length) : place),
    path,
  );
