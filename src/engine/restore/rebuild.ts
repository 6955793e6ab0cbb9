import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { PlannedCommand } from '../../shared/restore-plan.ts';
import { inodeOf, makeChanges, type WantedChange } from './moves.ts';
import { cloneFolder } from './services/clone-folder.ts';
import { describeMissingNatives, findMissingNatives } from './services/find-missing-natives.ts';
import { describeEnd, runCommand } from './services/run-command.ts';
import { commandOptions, inRoot, type Session } from './session.ts';
import { cancelled, withLastLines } from './stop-and-start.ts';

/** What installing and building change in the folder of a service. */
const builtNames = ['node_modules', 'dist', 'package-lock.json'] as const;

/**
 * Runs the install and build commands, one after the other. Each service works on clones of its modules, its built
 * files and its lock file; the originals wait among the replaced files, so that rolling back brings them back as they were.
 */
export async function rebuild(
  session: Session,
  commands: readonly PlannedCommand[],
  signal: AbortSignal,
): Promise<void> {
  const shielded = new Set<string>();
  for (const [index, { command, folder, isFresh = false }] of commands.entries()) {
    session.onProgress?.({ phase: 'rebuild', done: index, total: commands.length, unit: 'steps', subject: folder });
    if (!shielded.has(folder)) await shield(session, folder, isFresh, signal);
    shielded.add(folder);
    const before = new Set(findMissingNatives(inRoot(session, folder)));
    await runIn(session, command, folder, signal);
    refuseMissingNatives(inRoot(session, folder), before);
  }
}

/** An install may end well and leave out what has to be compiled; the service would then fail when it is used. */
function refuseMissingNatives(folder: string, before: ReadonlySet<string>): void {
  const missing = findMissingNatives(folder).filter((each) => !before.has(each));
  if (missing.length === 0) return;
  throw new AppError('io', describeMissingNatives(folder, missing), {
    hint: 'Then restore again.',
    details: { folder, missing },
  });
}

/** Moves the originals aside, and clones in; a place where nothing is yet, or is to be made afresh, is noted. */
async function shield(session: Session, folder: string, isFresh: boolean, signal: AbortSignal): Promise<void> {
  const { base, root, own } = session.folder;
  const changes: WantedChange[] = [];
  for (const name of builtNames) {
    const place = folder === '' ? name : `${folder}/${name}`;
    const make: WantedChange = { kind: 'make', path: `${root}/${place}`, aside: `${own}/aside/${place}` };
    if (inodeOf(inRoot(session, place)) === undefined) {
      changes.push(make);
      continue;
    }
    const away: WantedChange = { kind: 'move', from: `${root}/${place}`, to: `${own}/replaced/rebuild/${place}` };
    if (isFresh && name === 'node_modules') {
      changes.push(away, make);
      continue;
    }
    const clone = `${own}/staged/rebuild/${place}`;
    await mkdir(dirname(join(base, clone)), { recursive: true });
    await cloneFolder(inRoot(session, place), join(base, clone), { signal });
    changes.push(away, { kind: 'move', from: clone, to: `${root}/${place}` });
  }
  makeChanges(base, session.journal, changes);
}

async function runIn(session: Session, command: readonly string[], folder: string, signal: AbortSignal): Promise<void> {
  const name = `${folder === '' ? 'root' : folder.replaceAll('/', '-')}-${command.at(-1) ?? 'command'}`;
  const options = await commandOptions(session, { name, purpose: 'packages', command, folder });
  const result = await runCommand({ ...options, command, cwd: inRoot(session, folder), signal });
  if (result.kind === 'exited' && result.code === 0) return;
  if (result.kind === 'cancelled') throw cancelled(signal);
  const where = folder === '' ? 'the Codex folder' : folder;
  const sentence = `"${command.join(' ')}" in ${where} ${describeEnd(result)}.`;
  throw new AppError('io', withLastLines(sentence, result.output), {
    hint: `Its log is ${options.logFile}.`,
    details: { log: options.logFile, folder, command },
  });
}
