import { EventEmitter } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runEngineProcess } from '../../src/engine-host/run-engine-process.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('an engine process that is told to end before it is ready says at once that it has, so that quitting is quick', () => {
  vi.stubEnv('CODEX_BACKUP_HOME', temporaryFolder());
  const before = process.listeners('uncaughtException');
  onTestFinished(() => {
    vi.unstubAllEnvs();
    for (const listener of process.listeners('uncaughtException')) {
      if (!before.includes(listener)) process.off('uncaughtException', listener);
    }
  });
  const posted: unknown[] = [];
  const port = Object.assign(new EventEmitter(), { postMessage: (message: unknown) => void posted.push(message) });
  runEngineProcess(port);
  port.emit('message', { data: { kind: 'end' } });
  expect(posted).toEqual([{ kind: 'ended' }]);
});
