import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EngineChild } from '../../../src/main/engine-process.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const script = `
  process.send({ kind: 'ready' });
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    if (message.kind === 'start' && BEHAVIOUR === 'fails') process.send({ kind: 'failed', problem: 'The disk is gone.' });
    if (message.kind === 'start' && BEHAVIOUR === 'hangs') for (;;);
    if (message.kind === 'ping') process.send({ kind: 'pong', number: message.number });
    if (message.kind === 'end' && BEHAVIOUR !== 'stays') process.send({ kind: 'ended' });
    if (message.kind === 'wake') process.exit(BEHAVIOUR === 'leaves' ? 0 : 3);
  });
`;

/** How a process behaves: `leaves` and others end when they are told to wake; `stays` doesn't end. */
export type Behaviour = 'answers' | 'fails' | 'hangs' | 'stays' | 'leaves';

/** Real processes in the place of Electron's utility process, each as the list says; the last one again and again. */
export function forkEngines(...behaviours: readonly [Behaviour, ...Behaviour[]]): () => EngineChild {
  const folder = temporaryFolder();
  let count = 0;
  return () => {
    const behaviour = behaviours[Math.min(count, behaviours.length - 1)];
    count += 1;
    const file = join(folder, `engine-${count}.mjs`);
    writeFileSync(file, script.replaceAll('BEHAVIOUR', `'${behaviour}'`));
    const child = fork(file, [], { execArgv: [] });
    onTestFinished(() => void child.kill('SIGKILL'));
    return {
      get pid() {
        return child.exitCode === null && child.signalCode === null ? child.pid : undefined;
      },
      postMessage: (message) => {
        // One that has just ended hears nothing, and its end is told.
        if (child.connected) child.send(message, () => undefined);
      },
      kill: () => child.kill(),
      on: (event: string, listener: (...values: never[]) => void) => {
        // As Electron has it: a signal is a number too.
        if (event === 'exit')
          child.on(event, (code, signal) => (listener as (code: number) => void)(code ?? (signal ? 15 : 0)));
        else child.on(event, listener as () => void);
      },
    };
  };
}
