import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { ServiceFile } from './render-service.ts';

export interface ServiceState {
  readonly isRunning: boolean;
  /** It starts by itself when the user logs in. */
  readonly isEnabled: boolean;
}

/** What the system offers to run a service. */
export interface ServiceManager {
  readonly kind: 'systemd' | 'launchd';
  /** Has the service whose file is written run, now and after each login. */
  start(service: ServiceFile): Promise<void>;
  /** Ends it, also where it does not run. */
  stop(service: ServiceFile): Promise<void>;
  /** After its file has been removed. */
  forget(): Promise<void>;
  look(service: ServiceFile): Promise<ServiceState>;
}

export interface ManagerOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Of launchd's domain. */
  readonly uid: number;
}

export function createSystemd({ env }: ManagerOptions): ServiceManager {
  const call = (...args: readonly string[]) => run('systemctl', ['--user', ...args], env);
  const demand = async (...args: readonly string[]) => refuse('systemctl', await call(...args));
  return {
    kind: 'systemd',
    start: async ({ name }) => {
      await demand('daemon-reload');
      await demand('enable', name);
      // Where it runs already, it takes over what has changed.
      await demand('restart', name);
    },
    stop: async ({ name }) => {
      await demand('disable', '--now', name);
    },
    forget: async () => {
      await demand('daemon-reload');
    },
    look: async ({ name }) => ({
      isRunning: (await call('is-active', name)).stdout.trim() === 'active',
      isEnabled: (await call('is-enabled', name)).stdout.trim() === 'enabled',
    }),
  };
}

/** What launchctl ends with where the program takes its time to end: EINPROGRESS. It has been asked to, all the same. */
const inProgress = 36;
/** launchd kills what has not ended after 20 s. */
const goneMs = 30_000;
const lookEveryMs = 200;

export function createLaunchd({ env, uid }: ManagerOptions): ServiceManager {
  const domain = `gui/${uid}`;
  const call = (...args: readonly string[]) => run('launchctl', args, env);
  const look = async ({ name }: ServiceFile): Promise<ServiceState> => {
    const { code, stdout } = await call('print', `${domain}/${name}`);
    return { isRunning: code === 0 && /^\s*state = running$/m.test(stdout), isEnabled: code === 0 };
  };
  const stop = async (service: ServiceFile): Promise<void> => {
    if (!(await look(service)).isEnabled) return;
    const ending = await call('bootout', `${domain}/${service.name}`);
    if (ending.code !== inProgress) refuse('launchctl', ending);
    // Until it is gone, launchd takes no other one of that name.
    const deadlineMs = performance.now() + goneMs;
    while ((await look(service)).isEnabled && performance.now() < deadlineMs) await delay(lookEveryMs);
  };
  return {
    kind: 'launchd',
    start: async (service) => {
      await stop(service);
      refuse('launchctl', await call('enable', `${domain}/${service.name}`));
      refuse('launchctl', await call('bootstrap', domain, service.file));
    },
    stop,
    forget: async () => undefined,
    look,
  };
}

interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const timeoutMs = 60_000;

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ending> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { env, timeout: timeoutMs }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') return reject(unavailable(program, error));
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

function refuse(program: string, { code, stderr }: Ending): void {
  if (code !== 0) throw unavailable(program, new Error(stderr.trim() || `it ended with ${code}`));
}

function unavailable(program: string, error: Error): AppError {
  const why = systemErrorCode(error) === 'ENOENT' ? 'it is not installed' : error.message.split('\n')[0];
  return new AppError('service-unavailable', `${program} can not run the watcher: ${why}.`, {
    hint: 'Run "codex-backup watch" by what starts your programs, or keep the panel open: both watch as well.',
    cause: error,
  });
}
