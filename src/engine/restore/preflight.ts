import { accessSync, constants, lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { formatBytes } from '../../shared/format.ts';
import type { RestorePlan } from '../../shared/restore-plan.ts';
import { freeBytes } from '../platform/disk-space.ts';
import { findCommand } from '../platform/login-path.ts';
import { parentsOf } from './path-tree.ts';
import { inRoot, type Session } from './session.ts';

/** Room left over for what nobody foresaw. */
const reserveBytes = 50_000_000;

type CheckedSession = Pick<Session, 'folder' | 'loginPath'>;

/** Refuses a restore that could not be carried out, before anything is stopped or moved. */
export async function checkPreconditions(session: CheckedSession, plan: RestorePlan): Promise<void> {
  checkSpace(session, plan);
  checkFolders(session, plan);
  await checkCommands(session, plan);
}

function checkSpace({ folder }: CheckedSession, { space }: RestorePlan): void {
  const free = freeBytes(folder.path);
  if (space.neededBytes + reserveBytes <= free) return;
  const needed = formatBytes(space.neededBytes + reserveBytes);
  throw new AppError('low-space', `The restore needs ${needed}, and ${formatBytes(free)} are free at ${folder.base}.`, {
    hint: 'Free some space: "codex-backup undo --list" shows what earlier restores keep. Nothing was touched.',
    details: { neededBytes: space.neededBytes + reserveBytes, freeBytes: free },
  });
}

/** Every folder in which something is moved must be writable, and on the disk of the restores folder. */
function checkFolders(session: CheckedSession, plan: RestorePlan): void {
  const { dev } = lstatSync(session.folder.path);
  const paths = [...(plan.code?.moves ?? []), ...plan.databases].map(({ path }) => nearestFolder(session, path));
  for (const folder of new Set(paths)) {
    if (lstatSync(folder).dev !== dev) {
      throw refused(`${folder} is on another disk than ${session.folder.path}, so nothing can be moved at once.`, '');
    }
    try {
      accessSync(folder, constants.W_OK | constants.X_OK);
    } catch (error) {
      throw refused(
        `${folder} can not be written: ${systemErrorCode(error) ?? String(error)}.`,
        'Check its permissions.',
      );
    }
  }
}

/** The folder in which a path lies, or the nearest one above it that exists. */
function nearestFolder(session: CheckedSession, path: string): string {
  const parents = parentsOf(path).map((parent) => inRoot(session, parent));
  const missing = parents.findIndex((parent) => lstatSync(parent, { throwIfNoEntry: false })?.isDirectory() !== true);
  const nearest = missing === -1 ? inRoot(session, path) : (parents[missing] ?? inRoot(session, path));
  return dirname(nearest);
}

async function checkCommands(session: CheckedSession, { steps }: RestorePlan): Promise<void> {
  const commands = steps.flatMap((step) => step.commands);
  if (commands.length === 0) return;
  const { path, problem } = await session.loginPath();
  const root = join(session.folder.base, session.folder.root);
  const missing = commands.find(({ command }) => findCommand(command[0] ?? '', path, root) === undefined);
  if (missing === undefined) return;
  const why = problem === undefined ? '' : ` (${problem})`;
  throw refused(
    `"${missing.command[0] ?? ''}" was not found in the PATH of the login shell${why}.`,
    'Install it, or change the command in the settings ("codex-backup settings"), or use --no-services.',
  );
}

function refused(message: string, hint: string): AppError {
  return new AppError('restore-refused', message, { hint: `${hint} Nothing was touched.`.trim() });
}
