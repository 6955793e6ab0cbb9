import { chmodSync, lstatSync, mkdirSync, readlinkSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FullPlan, RestorePlan } from '../../shared/restore-plan.ts';
import { syncFolder } from '../platform/durable-file.ts';
import { copyFileWithTimes } from './copy-file.ts';
import { lookAt } from './live-entry.ts';
import { makeChanges } from './moves.ts';
import { parentsOf } from './path-tree.ts';
import { refuseOpen } from './refuse-open.ts';
import { inRoot, type Session } from './session.ts';

/**
 * Puts the staged root in the place of the live one, which gets another name beside it; its backups folder follows last.
 * What comes along from the old root is copied first, so that the old root stays whole.
 */
export async function swapFull(session: Session, plan: RestorePlan, full: FullPlan, staged: string): Promise<void> {
  const { folder, journal } = session;
  const databases = plan.databases.map(({ path }) => path);
  await refuseOpen(databases.map((path) => inRoot(session, path)));
  for (const path of full.carried) carryOver(inRoot(session, ''), staged, path);
  chmodSync(staged, lstatSync(inRoot(session, '')).mode & 0o7777);
  // Out of `staged`, which is emptied after a rollback: a Codex that ran in it has written there.
  const fresh = `${folder.own}/fresh`;
  renameSync(staged, join(folder.base, fresh));
  syncFolder(folder.path);
  makeChanges(folder.base, journal, [
    { kind: 'move', from: folder.root, to: full.oldRoot },
    { kind: 'move', from: fresh, to: folder.root },
  ]);
  const { backups } = full;
  if (backups !== null && lookAt(join(folder.base, full.oldRoot, backups)) !== undefined) {
    makeChanges(folder.base, journal, [
      { kind: 'move', from: `${full.oldRoot}/${backups}`, to: `${folder.root}/${backups}` },
    ]);
  }
  // A program that had one open goes on writing to the old one, which nobody will read.
  await refuseOpen(databases.map((path) => join(folder.base, full.oldRoot, path)));
}

/** Copies one file or link with its mode and times. What is gone since the plan was made is gone. */
function carryOver(root: string, staged: string, path: string): void {
  const [from, to] = [join(root, path), join(staged, path)];
  const stats = lstatSync(from, { throwIfNoEntry: false });
  if (stats === undefined) return;
  for (const parent of parentsOf(path)) {
    const place = join(staged, parent);
    if (lookAt(place) === undefined) mkdirSync(place, { mode: lstatSync(join(root, parent)).mode & 0o777 });
  }
  if (stats.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else copyFileWithTimes(from, to, stats);
  syncFolder(dirname(to));
}
