import { type ChildProcess, fork, type StdioOptions } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ForkOptions, UtilityProcess as RealUtilityProcess } from 'electron';
import { host } from './host.ts';
import { asWhole, createEvent, strict, strictEmitter } from './strict.ts';

const boot = join(import.meta.dirname, 'boot-utility.ts');
const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};
const deliberate = new Set(['SIGHUP', 'SIGINT', 'SIGKILL', 'SIGTERM']);

type Used = 'pid' | 'stdout' | 'stderr' | 'postMessage' | 'kill';

/** A process of Node that speaks with the app by messages. It ends with the app. */
class UtilityProcess extends strictEmitter('UtilityProcess') implements Pick<RealUtilityProcess, Used> {
  pid: number | undefined = undefined;
  stdout: Readable | null;
  stderr: Readable | null;
  readonly #child: ChildProcess;
  #isKilled = false;

  constructor(modulePath: string, args: readonly string[], options: ForkOptions) {
    super();
    if (!host.isReady) throw new Error('utilityProcess cannot be created before app is ready.');
    const { env = process.env, execArgv = [], cwd = process.cwd(), stdio = 'inherit', serviceName = '' } = options;
    const [, output = 'inherit', errors = 'inherit'] = Array.isArray(stdio) ? stdio : ['ignore', stdio, stdio];
    this.#child = fork(boot, [modulePath, ...args], {
      cwd,
      env: { ...env, ELECTRON_HOST_VERSION: process.versions['electron'] },
      execArgv,
      stdio: ['ignore', output, errors, 'ipc'] as StdioOptions,
      serialization: 'advanced',
    });
    this.stdout = this.#child.stdout;
    this.stderr = this.#child.stderr;
    this.#child.on('spawn', () => {
      this.pid = this.#child.pid;
      this.emit('spawn');
    });
    this.#child.on('message', ({ data }: { data: unknown }) => this.emit('message', data));
    this.#child.on('error', (error) => console.error('A process of the app:', error));
    this.#child.once('exit', (code, signal) => this.#ended(code, signal, serviceName));
  }

  postMessage(message: unknown): void {
    // As in Electron, what comes too late is lost.
    if (this.#child.connected) this.#child.send({ data: structuredClone(message) }, () => undefined);
  }

  /** Says SIGTERM, as Electron does: a process that is stopped doesn't hear it. */
  kill(): boolean {
    if (this.pid === undefined) return false;
    this.#isKilled = this.#child.kill('SIGTERM');
    return this.#isKilled;
  }

  #ended(code: number | null, signal: NodeJS.Signals | null, name: string): void {
    this.pid = undefined;
    this.stdout = null;
    this.stderr = null;
    // After its own kill Electron says 0, whatever became of the work.
    const exitCode = this.#isKilled ? 0 : (code ?? signalNumbers[signal ?? ''] ?? 1);
    if (exitCode !== 0) {
      const bySignal = deliberate.has(signal ?? '') ? 'killed' : 'crashed';
      const reason = signal === null ? 'abnormal-exit' : bySignal;
      const details = { type: 'Utility', reason, exitCode, name, serviceName: 'node.mojom.NodeService' };
      host.app?.emit('child-process-gone', createEvent(), details);
    }
    this.emit('exit', exitCode);
  }
}

export const utilityProcess = strict('utilityProcess', {
  fork: (modulePath: string, args: string[] = [], options: ForkOptions = {}) =>
    asWhole<RealUtilityProcess>(new UtilityProcess(modulePath, args, options)),
} satisfies Partial<typeof Electron.utilityProcess>);
