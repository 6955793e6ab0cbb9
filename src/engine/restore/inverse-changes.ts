import { join } from 'node:path';
import type { Change, JournalRecord } from './journal-records.ts';
import { inodeOf, type WantedChange } from './moves.ts';
import type { RestoreFolder } from './restore-folder.ts';

/**
 * The changes that lead back to before a restore, from its journal: in groups to be made one after the other, the last
 * one first. What the restore kept comes back; what is in its place now, whoever made it, goes below `replaced`.
 */
export function inverseChanges(
  records: readonly JournalRecord[],
  folder: RestoreFolder,
  replaced: string,
): readonly (readonly WantedChange[])[] {
  const groups = records.flatMap((record) => (record.kind === 'changes' ? [record.changes] : []));
  return groups.toReversed().map((changes, index) => {
    const aside = `${replaced}/${index + 1}`;
    return changes.toReversed().flatMap((change) => inverse(change, folder, aside));
  });
}

function inverse(change: Change, folder: RestoreFolder, aside: string): readonly WantedChange[] {
  const { base, root } = folder;
  const isLive = (path: string): boolean => path.startsWith(`${root}/`);
  const moveAside = (path: string): readonly WantedChange[] => [
    { kind: 'move', from: path, to: `${aside}/${path.slice(root.length + 1)}` },
  ];
  switch (change.kind) {
    case 'move':
      if (isLive(change.from)) return [{ kind: 'move', from: change.to, to: change.from }];
      return moveAside(change.to);
    case 'make':
      return moveAside(change.path);
    case 'mode':
      return inodeOf(join(base, change.path)) === undefined
        ? []
        : [{ kind: 'mode', path: change.path, mode: change.before }];
  }
}

/** Whether a restore still has everything that it kept. */
export function hasAllKept(records: readonly JournalRecord[], { base, root }: RestoreFolder): boolean {
  const kept = records.flatMap((record) => (record.kind === 'changes' ? record.changes : []));
  return kept.every(
    (change) =>
      change.kind !== 'move' || !change.from.startsWith(`${root}/`) || inodeOf(join(base, change.to)) === change.ino,
  );
}
