import { mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commandEnvironment } from '../../../../src/engine/platform/command-environment.ts';
import { findHolders } from '../../../../src/engine/restore/services/prove-stopped.ts';
import { startServices } from '../../../../src/engine/restore/services/start-services.ts';
import { stopServices } from '../../../../src/engine/restore/services/stop-services.ts';
import { createTestSample } from '../../../helpers/sample.ts';

test('A sample Codex is started, seen healthy, stopped, and proven to have stopped, by its own npm scripts', {
  timeout: 240_000,
}, async () => {
  const sample = await createTestSample();
  onTestFinished(() => sample.dispose());
  const logs = join(sample.root, '..', 'logs');
  mkdirSync(logs);
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const base = {
    cwd: sample.root,
    env: commandEnvironment(process.env, path, 'services'),
    signal: new AbortController().signal,
  };
  const { bootManager: _, ...services } = sample.ports;
  const ports = Object.values(services);
  const databases = [join(sample.root, 'codex-brain/codex-brain-data/codex-brain.db')];
  const healthUrls = ports.map((port) => `http://127.0.0.1:${port}/health`);

  const started = await startServices({
    ...base,
    command: ['npm', 'run', 'codex:start'],
    logFile: join(logs, 'start.log'),
    healthUrls,
    healthMs: 100_000,
    stableMs: 500,
  });
  expect(started).toMatchObject({ kind: 'started' });
  const holders = await findHolders({ ports, databases });
  expect(new Set(holders.ports.map(({ port }) => port))).toEqual(new Set(ports));

  const stopped = await stopServices({
    ...base,
    command: ['npm', 'run', 'codex:stop'],
    logFile: join(logs, 'stop.log'),
    timeoutMs: 100_000,
    ports,
    databases,
    deadlineMs: 10_000,
    settleMs: 500,
  });
  expect(stopped).toMatchObject({ kind: 'stopped' });
  expect(await findHolders({ ports, databases })).toEqual({ ports: [], handles: [] });
});
