import { accessSync, constants, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { EngineContext } from '../context.ts';
import { isInside } from '../folders.ts';

/** What a root is asked about before it is moved away whole. */
export interface RootFacts {
  /** Its real path. */
  readonly root: string;
  /** As it was named: it may be a link. */
  readonly named: string;
  readonly backups: string;
  /** Real paths of what this program consists of. */
  readonly program: readonly string[];
  readonly home: string;
  readonly workingFolder: string;
}

export function readRootFacts(context: EngineContext): RootFacts {
  return {
    root: context.root(),
    named: context.namedRoot(),
    backups: context.backups(),
    program: [import.meta.dirname, process.execPath].map(realPathOr),
    home: realPathOr(context.home),
    workingFolder: process.cwd(),
  };
}

/** Throws `restore-refused` where a root can't be moved away whole, or must not be. */
export function refuseFullRestore({ root, named, backups, program, home, workingFolder }: RootFacts): void {
  const holds = (path: string): boolean => isInside(root, path);
  if (lstatSync(named, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    throw refused(`${named} is a link, and a full restore moves the folder itself.`, `Name it by --root ${root}.`);
  }
  if (isMountPoint(root)) throw refused(`${root} is a mount point, which can not be moved.`, partHint);
  if (backups !== root && holds(backups) && isMountPoint(backups)) {
    throw refused(`The backups folder ${backups} is a mount point, which can not be moved.`, partHint);
  }
  const problem = whyUnwritable(dirname(root));
  if (problem !== undefined) {
    throw refused(`${dirname(root)}, in which ${basename(root)} lies, can not be written: ${problem}.`, partHint);
  }
  if (program.some(holds)) {
    throw refused(`${root} holds this program itself.`, 'Install it outside of the Codex folder.');
  }
  if (holds(home)) {
    throw refused(`${root} holds the app home ${home}.`, 'Set CODEX_BACKUP_HOME to a folder outside of it.');
  }
  if (holds(workingFolder)) {
    throw refused(`${root} holds the working folder ${workingFolder}.`, 'Run the command in another folder.');
  }
}

const partHint = 'Use --only all, which moves single files and folders.';

/** On another disk than its parent; on Linux also a folder of the same disk that is mounted there. */
function isMountPoint(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory()) return false;
  return stats.dev !== lstatSync(dirname(path)).dev || mountedFolders().has(path);
}

/** proc_pid_mountinfo(5): the fifth field is the mount point, with blanks and backslashes as octal numbers. */
function mountedFolders(): ReadonlySet<string> {
  if (process.platform !== 'linux') return new Set();
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const decode = (text: string): string =>
    text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return new Set(lines.map((line) => decode(line.split(' ')[4] ?? '')));
}

function whyUnwritable(folder: string): string | undefined {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return systemErrorCode(error) ?? String(error);
  }
}

function realPathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // It does not exist yet, or lies in an archive: its name is all that there is.
    return path;
  }
}

function refused(message: string, hint: string): AppError {
  return new AppError('restore-refused', message, { hint: `${hint} Nothing was touched.` });
}
