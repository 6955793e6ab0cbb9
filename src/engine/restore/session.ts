import { join } from 'node:path';
import type { OnProgress } from '../../shared/progress.ts';
import type { EngineContext } from '../context.ts';
import type { CommandOutput, OnOutput } from '../engine.ts';
import { commandEnvironment } from '../platform/command-environment.ts';
import { createLoginPath, type LoginPath } from '../platform/login-path.ts';
import type { Journal } from './journal.ts';
import type { JournaledServices } from './journal-records.ts';
import type { RestoreFolder } from './restore-folder.ts';
import type { ProcessGroup } from './services/process-group.ts';

/** One restore under way: where it works, its journal, and how its commands run. */
export interface Session {
  readonly context: EngineContext;
  readonly folder: RestoreFolder;
  readonly journal: Journal;
  /** Null: nothing is stopped, built or started. */
  readonly services: JournaledServices | null;
  readonly onProgress: OnProgress | undefined;
  readonly onOutput?: OnOutput | undefined;
  /** The login shell's PATH, asked for once. */
  readonly loginPath: () => Promise<LoginPath>;
}

export function createSession(
  context: EngineContext,
  given: Pick<Session, 'folder' | 'journal' | 'services' | 'onProgress' | 'onOutput'>,
): Session {
  return { ...given, context, loginPath: createLoginPath({ env: context.env }) };
}

/** Full path of a place in the root. */
export const inRoot = ({ folder }: Pick<Session, 'folder'>, path: string): string =>
  join(folder.base, folder.root, path);

export interface CommandPurpose extends Omit<CommandOutput, 'text'> {
  /** Of its log. */
  readonly name: string;
  readonly purpose: 'services' | 'packages';
}

/** What every command of a restore gets: its environment, its log, and a journal entry before it begins. */
export async function commandOptions(session: Session, { name, purpose, ...what }: CommandPurpose) {
  const { context, folder, journal, services } = session;
  const { path } = await session.loginPath();
  return {
    env: commandEnvironment(context.env, path, purpose),
    logFile: join(folder.path, 'logs', `${name}.log`),
    timeoutMs: (services?.stepSeconds ?? 600) * 1000,
    onOutput: (text: string) => session.onOutput?.({ ...what, text }),
    onGroup: (group: ProcessGroup) => journal.append({ kind: 'child', group }),
    logger: context.logger,
  };
}
