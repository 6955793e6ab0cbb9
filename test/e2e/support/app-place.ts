import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../../src/engine/index.ts';
import { findProcessesIn } from '../../helpers/find-processes-in.ts';
import { findProcessesWith } from '../../helpers/find-processes-with.ts';
import { waitUntil } from '../../helpers/sample.ts';
import type { AppDriver, AppHost } from '../driver/app-driver.ts';
import type { DesktopOptions } from '../driver/desktop-record.ts';
import { builtApp } from './built-app.ts';
import { makePlace, quiet, type StagePlace } from './stage-place.ts';

export interface AppStart {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly desktop?: DesktopOptions;
}

/** A sample Codex that the settings name, for an app that is started on it, once or more often. */
export interface AppPlace extends StagePlace {
  readonly backups: string;
  /** Starts the app; one that is the first waits until its engine has answered. */
  launch(start?: AppStart): Promise<AppDriver>;
  /** What lies in the backups folder besides snapshots and what is kept about them. */
  leftovers(): readonly string[];
  /** The processes of the app, and of its pages. */
  processes(): readonly number[];
  log(): string;
  dispose(): Promise<void>;
}

/** Nobody looks at the Brain unless the settings say otherwise; one that is undefined stays as it is by default. */
export async function createAppPlace(
  host: AppHost,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<AppPlace> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'codex-app-')));
  const engines: Engine[] = [];
  const place = await makePlace(base, (engine) => engines.push(engine));
  const engine = place.engine();
  for (const [key, value] of Object.entries({ ...quiet, root: place.root, ...settings })) {
    if (value !== undefined) await engine.changeSetting(key, JSON.stringify(value));
  }
  const apps: AppDriver[] = [];
  const backups = join(place.root, 'backups');
  const processes = (): readonly number[] => findProcessesWith(`CODEX_BACKUP_HOME=${place.home}`);
  const logs = join(place.home, 'logs');
  return {
    ...place,
    backups,
    processes,
    launch: async ({ args = [], env = {}, desktop = {} } = {}) => {
      const app = await host.launch({ main: builtApp(), args, env: { ...place.env, ...env }, desktop });
      apps.push(app);
      return app;
    },
    leftovers: () =>
      existsSync(backups) ? readdirSync(backups).filter((name) => /^\.(partial|trash)/.test(name)) : [],
    log: () =>
      existsSync(logs)
        ? readdirSync(logs)
            .map((name) => readFileSync(join(logs, name), 'utf8'))
            .join('\n')
        : '',
    dispose: async () => {
      await Promise.all(apps.map((app) => app.dispose()));
      for (const one of engines) await one.close();
      await waitUntil(
        `nothing of the app runs any more`,
        () => processes().length === 0,
        undefined,
        () => `${processes()}`,
      );
      for (const pid of findProcessesIn(place.root)) process.kill(pid, 'SIGKILL');
      rmSync(base, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}
