import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { postEvents } from '../../sample/post-events.ts';
import { createEngine, type Engine, type EngineOptions } from '../../src/engine/index.ts';
import { silentLogger } from '../../src/engine/platform/logger.ts';
import { type CliEnding, type CliPlace, createCliPlace } from '../cli/support/spawn-cli.ts';
import { createLoginShell } from '../helpers/login-shell.ts';
import { createTestSample, type TestSample } from '../helpers/sample.ts';

/** A sample Codex that runs, and the real command line with settings that fit it. */
export interface RunningSample {
  readonly sample: TestSample;
  readonly place: CliPlace;
  /** Of every command, and for whatever else is to work on the sample. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs a command on the sample. */
  run(...args: readonly string[]): Promise<CliEnding>;
  /** Starts one, with these variables besides. */
  begin(environment: Readonly<Record<string, string>>, ...args: readonly string[]): ChildProcess;
  /** An engine in this process with the same settings, whose restores wait for so long. The caller closes it. */
  engine(serviceWaits: NonNullable<EngineOptions['serviceWaits']>): Engine;
  /** Runs a command with another app home, without any settings. */
  runElsewhere(...args: readonly string[]): Promise<CliEnding>;
  post(count: number): Promise<void>;
  events(): number;
  dispose(): Promise<void>;
}

/** Makes a sample, starts it where asked, and tells the settings its ports and addresses. */
export async function createRunningSample(options: { readonly start?: boolean } = {}): Promise<RunningSample> {
  const place = createCliPlace();
  const sample = await createTestSample({ brainWatcher: { enabled: false } });
  const env = { SHELL: createLoginShell(place.folder) };
  const folders = ['--root', sample.root];
  const run = (...args: readonly string[]) => place.run([...args, ...folders], env);
  const settings = { ports: Object.values(sample.ports), healthUrls: sample.healthUrls, stepSeconds: 120 };
  for (const [key, value] of Object.entries(settings)) {
    const { code, err } = await place.run(['settings', `restore.${key}`, JSON.stringify(value)]);
    if (code !== 0) throw new Error(err);
  }
  if (options.start !== false) await sample.start();
  return {
    sample,
    place,
    env: { ...place.env, ...env },
    run,
    begin: (environment, ...args) => place.start([...args, ...folders], { ...env, ...environment }),
    engine: (serviceWaits) =>
      createEngine({ root: sample.root, env: { ...place.env, ...env }, logger: silentLogger, serviceWaits }),
    runElsewhere: (...args) =>
      place.run([...args, ...folders], { ...env, CODEX_BACKUP_HOME: join(place.folder, 'another-app-home') }),
    post: async (count) => void (await postEvents(sample.ports.brain, { perSecond: 1000, count })),
    events: () => {
      const db = new Database(sample.brain, { readonly: true });
      try {
        return Number(db.prepare('SELECT count(*) FROM events').pluck().get());
      } finally {
        db.close();
      }
    },
    dispose: async () => {
      await sample.dispose();
      place.dispose();
    },
  };
}
