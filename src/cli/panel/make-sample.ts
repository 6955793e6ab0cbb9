import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SampleCodex } from '../../engine-host/host-options.ts';
import type { CommandContext } from '../command.ts';

/** A sample Codex for the panel, with an app home of its own, and how to be rid of it. */
export interface PanelSample extends SampleCodex {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  end(): Promise<void>;
}

/** Fast enough to see the watcher at work. */
const sampleSettings = {
  'watch.intervalSeconds': 5,
  'watch.thresholdBytes': 16_384,
  'watch.changeMinutes': 1,
  'watch.minPauseSeconds': 20,
  'restore.stepSeconds': 120,
};
const turnsPerMinute = 120;

/** Makes a sample in a temporary folder, and starts it where its services can run: its Brain then grows by itself. */
export async function makeSample(context: Pick<CommandContext, 'env' | 'engineFor'>): Promise<PanelSample> {
  const [{ createSample }, { startSample }] = await Promise.all([
    import('../../../sample/create-sample.ts'),
    import('../../../sample/start-sample.ts'),
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'codex-sample-'));
  try {
    const home = join(folder, 'app-home');
    const info = await createSample(join(folder, 'Codex'), { brainWatcher: { enabled: false }, turnsPerMinute });
    const env = { ...context.env, CODEX_BACKUP_HOME: home, SHELL: await makeLoginShell(folder) };
    const engine = await context.engineFor({ root: info.root, home, env });
    const { bootManager: _, ...ports } = info.ports;
    const settings = {
      ...sampleSettings,
      'restore.ports': Object.values(ports),
      'restore.healthUrls': info.healthUrls,
    };
    for (const [key, value] of Object.entries(settings)) await engine.changeSetting(key, JSON.stringify(value));
    await engine.link();
    const running = await startSample(info, env);
    return {
      root: info.root,
      home,
      env,
      isRunning: running.problem === null,
      problem: running.problem,
      end: async () => {
        await running.stop();
        await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A restore runs commands with the login shell's PATH, whose Node may be too old for the sample's Brain: ours goes first. */
async function makeLoginShell(folder: string): Promise<string> {
  const shell = join(folder, 'login-shell');
  const script = `#!/bin/sh\nPATH="${dirname(process.execPath)}:$PATH"\nexport PATH\nexec /bin/sh -c "$2"\n`;
  await writeFile(shell, script, { mode: 0o700 });
  return shell;
}
