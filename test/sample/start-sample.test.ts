import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { createSample } from '../../sample/create-sample.ts';
import { startSample } from '../../sample/start-sample.ts';
import { isHealthy, killProcessesIn, waitUntil } from '../helpers/sample.ts';
import { chooseWorkerPorts } from '../helpers/worker-ports.ts';

test('a started sample grows by itself, and nothing of us is connected to it: its stop script would kill us', async () => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'start-sample-test-'));
  const info = await createSample(join(folder, 'Codex'), {
    turnsPerMinute: 600,
    ports: await chooseWorkerPorts(),
  });
  onTestFinished(async () => {
    await killProcessesIn(info.root);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  });
  const sample = await startSample(info, process.env);
  expect(sample.problem).toBeNull();

  let connections = 0;
  const count = (): void => {
    connections += 1;
  };
  subscribe('net.client.socket', count);
  const brain = new Database(info.brain, { readonly: true });
  const events = () => brain.prepare('SELECT count(*) FROM events').pluck().get() as number;
  try {
    const before = events();
    await waitUntil('ten more memories', () => events() >= before + 10);
  } finally {
    unsubscribe('net.client.socket', count);
    brain.close();
  }
  expect(connections).toBe(0);

  await sample.stop();
  expect(await isHealthy(info.ports.voice)).toBe(false);
}, 120_000);
