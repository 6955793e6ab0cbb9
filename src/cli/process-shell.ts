import type { Shell } from './shell.ts';

const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const crashes = ['uncaughtException', 'unhandledRejection'] as const;

/** The shell of this process. The engine and the sample are loaded when a command asks for them. */
export function processShell(): Shell {
  const { stdin, stdout, stderr } = process;
  return {
    stdin,
    stdout,
    stderr,
    terminals: { stdin: stdin.isTTY === true, stdout: stdout.isTTY === true, stderr: stderr.isTTY === true },
    columns: stdout.columns,
    env: process.env,
    now: () => Date.now(),
    createEngine: async (options) => (await loadEngine()).createEngine(options),
    createSample: async (folder) => (await import('../../sample/create-sample.ts')).createSample(folder),
    detectTrigger: async () => (await loadEngine()).detectTrigger(),
    openAppAfterBoot: async () => (await loadEngine()).openAppAfterBoot(process.env),
    logDefect: async (text) => {
      const { logFolder, openLog } = await loadEngine();
      openLog(process.env).error(text);
      return logFolder(process.env);
    },
    onInterrupt: (listener) => {
      for (const signal of interrupts) process.on(signal, listener);
      return () => {
        for (const signal of interrupts) process.off(signal, listener);
      };
    },
    onCrash: (listener) => {
      for (const event of crashes) process.on(event, listener);
      return () => {
        for (const event of crashes) process.off(event, listener);
      };
    },
    exitNow: (code) => process.exit(code),
  };
}

function loadEngine(): Promise<typeof import('../engine/index.ts')> {
  return import('../engine/index.ts');
}
