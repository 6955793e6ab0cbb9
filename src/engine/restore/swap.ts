import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { CodePlan, DatabasePlan } from '../../shared/restore-plan.ts';
import { withExclusiveHold } from '../brain/hold-exclusive.ts';
import { sideSuffixes } from '../brain/side-files.ts';
import { findOpenHandles } from '../platform/open-handles.ts';
import { inodeOf, makeChanges, type WantedChange } from './moves.ts';
import { parentsOf } from './path-tree.ts';
import { inRoot, type Session } from './session.ts';

/** Moves what differs aside, and the staged files in. `placeOf` says in which staging folder a path lies. */
export function swapCode(session: Session, { moves }: CodePlan, placeOf: (path: string) => string): void {
  const { folder, journal } = session;
  const changes = moves.map((move): WantedChange => {
    const live = `${folder.root}/${move.path}`;
    if (move.kind === 'mode') return { kind: 'mode', path: live, mode: move.mode };
    if (move.kind === 'aside') return { kind: 'move', from: live, to: replacedPath(session, move.path) };
    return { kind: 'move', from: `${folder.own}/staged/${placeOf(move.path)}/${move.path}`, to: live };
  });
  makeChanges(folder.base, journal, changes);
}

/** Puts one staged database in the place of the live one, which is moved aside together with its side files. */
export async function swapDatabase(session: Session, { path }: DatabasePlan): Promise<void> {
  const live = inRoot(session, path);
  const asides = await withExclusiveHold(live, () => {
    const there = ['', ...sideSuffixes].filter((suffix) => inodeOf(live + suffix) !== undefined);
    const moves = there.map((suffix): WantedChange => {
      const from = `${session.folder.root}/${path}${suffix}`;
      return { kind: 'move', from, to: replacedPath(session, path + suffix) };
    });
    makeChanges(session.folder.base, session.journal, [...moves, ...bringDatabase(session, path)]);
    return there.map((suffix) => join(session.folder.base, replacedPath(session, path + suffix)));
  });
  // A program that had the file open goes on writing to the old one, which nobody will read.
  const handles = (await findOpenHandles(asides)).filter(({ pid }) => pid !== process.pid);
  const [holder] = handles;
  if (holder === undefined) return;
  throw new AppError('busy', `${holder.command} (pid ${holder.pid}) has the replaced ${path} open.`, {
    hint: 'Stop that program, then try again.',
  });
}

/** The file, or the topmost folder on the way to it that is missing in the root. */
function bringDatabase(session: Session, path: string): readonly WantedChange[] {
  const { folder } = session;
  const staged = `${folder.own}/staged/databases`;
  // It came along with the folder of an earlier one.
  if (inodeOf(join(folder.base, staged, path)) === undefined) return [];
  const missing = parentsOf(path).find((parent) => inodeOf(inRoot(session, parent)) === undefined) ?? path;
  return [{ kind: 'move', from: `${staged}/${missing}`, to: `${folder.root}/${missing}` }];
}

/** Where what was at a path of the root is kept. */
const replacedPath = ({ folder }: Session, path: string): string => `${folder.own}/replaced/files/${path}`;
