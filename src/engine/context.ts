import { realpathSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { AppError } from '../shared/app-error.ts';
import type { Settings } from '../shared/settings.ts';
import { defaultRoot, findBackups, findRoot, isInside, nameRoot } from './folders.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import { once } from './platform/remember.ts';
import { openStateDatabase, type StateDatabase } from './platform/state-database.ts';
import { readSettings } from './settings-file.ts';

export interface ContextOptions {
  readonly root?: string | undefined;
  readonly backups?: string | undefined;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly serviceWaits?: Partial<ServiceWaits> | undefined;
  /** Another context's, to share it; else one of its own. */
  readonly state?: StateDatabase;
}

/** How long a restore waits for Codex, in milliseconds; a test has less time than a user's services need. */
export interface ServiceWaits {
  /** For ports and files to become free after the stop command. */
  readonly stopMs: number;
  /** How long they must then stay free: what restarts its services by itself has not stopped. */
  readonly stoppedMs: number;
  /** How long Codex must stay healthy after its start. */
  readonly healthyMs: number;
  /** How long, where it has no address that could be asked, the start command is watched. */
  readonly runningMs: number;
}

/** What every operation works with. Folders and settings are looked up when they are first asked for. */
export interface EngineContext {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly serviceWaits: ServiceWaits;
  settings(): Settings;
  root(): string;
  /** The root as it was named; it may be a link. */
  namedRoot(): string;
  backups(): string;
  /** The Brain's path relative to the root. */
  brainPath(): string;
  /** What happened and looks at the Brain; opened by its first use, closed with the engine. */
  readonly state: StateDatabase;
  /** The same root, with the settings as they are now. */
  renew(): EngineContext;
}

const usualWaits: ServiceWaits = { stopMs: 10_000, stoppedMs: 2000, healthyMs: 2000, runningMs: 5000 };

export function createContext(options: ContextOptions): EngineContext {
  const { home, env, clock, logger } = options;
  const settings = once(() => readSettings(home));
  const root = once(() => findRoot(options.root, env, settings()));
  const state = options.state ?? openStateDatabase({ home, clock, logger });
  return {
    home,
    env,
    clock,
    logger,
    serviceWaits: { ...usualWaits, ...options.serviceWaits },
    settings,
    root,
    namedRoot: once(() => nameRoot(options.root, env, settings()) ?? defaultRoot()),
    backups: once(() => findBackups(options.backups, settings(), root)),
    brainPath: once(() => pathInRoot(root(), settings().brain)),
    state,
    renew: () => createContext({ ...options, root: root(), state }),
  };
}

function pathInRoot(root: string, path: string): string {
  const full = isAbsolute(path) ? resolve(path) : join(root, path);
  const real = isInside(root, full) ? full : realPathOr(full);
  if (isInside(root, real) && real !== root) return relative(root, real);
  throw new AppError('settings-invalid', `The setting "brain" names ${path}, which is not inside ${root}.`, {
    hint: 'Set it to a path inside the Codex folder: "codex-backup settings brain PATH".',
  });
}

function realPathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // It does not exist: the capture will say so, by this path.
    return path;
  }
}
