import { type ChildProcess, spawn } from 'node:child_process';
import { launcher } from '../../cli/support/spawn-cli.ts';
import { builtPanel } from './built-panel.ts';

/** `codex-backup panel`, running. */
export interface PanelProcess {
  readonly child: ChildProcess;
  /** Good for one window, within a minute. */
  readonly address: string;
  readonly origin: string;
  /** All that it has written. */
  written(): string;
  /** Ends it as Ctrl-C does, and answers its exit code. */
  end(): Promise<number | null>;
  kill(): Promise<void>;
}

/** Starts it in that environment, and waits for its address. */
export function startPanel(parameters: readonly string[], env: NodeJS.ProcessEnv): Promise<PanelProcess> {
  const all = { ...env, CODEX_BACKUP_PANEL: builtPanel() };
  return followPanel(spawn(process.execPath, [launcher, 'panel', '--no-open', ...parameters], { env: all }));
}

/** Waits for the address of one that was started with its pages. */
export async function followPanel(child: ChildProcess): Promise<PanelProcess> {
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let text = '';
  const address = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const [found] = /http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]+/.exec(text) ?? [];
        if (found !== undefined) resolve(found);
      });
    }
    child.once('error', reject);
    void ended.then((code) => reject(new Error(`the panel ended with ${code}: ${text}`)));
  });
  const stopWith = (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return ended;
  };
  return {
    child,
    address,
    origin: new URL(address).origin,
    written: () => text,
    end: () => stopWith('SIGINT'),
    kill: async () => void (await stopWith('SIGKILL')),
  };
}
