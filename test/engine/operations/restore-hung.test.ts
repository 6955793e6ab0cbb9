import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createEngine } from '../../../src/engine/index.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';
import { createCodexPlace } from '../../helpers/codex-place.ts';
import { createLoginShell } from '../../helpers/login-shell.ts';
import { startWriter } from '../../helpers/writer-process.ts';

test('F82: a Brain locked by a hung process is replaced once the stop command has killed it', async () => {
  const place = createCodexPlace();
  const { root, home, base } = place;
  const env = { ...process.env, SHELL: createLoginShell(base), TMPDIR: base };
  const engine = createEngine({ root, home, env, logger: silentLogger, serviceWaits: { stoppedMs: 200 } });
  onTestFinished(() => engine.close());
  const pidFile = join(base, 'writer.pid');
  await engine.changeSetting('restore.stop', JSON.stringify(['sh', '-c', `kill -9 $(cat '${pidFile}')`]));
  await engine.changeSetting('restore.start', JSON.stringify(['true']));
  await engine.changeSetting('restore.ports', '[]');
  await engine.run({ trigger: 'manual' });
  place.remember(7);
  const writer = await startWriter({ file: place.brain, journalMode: 'delete', task: 'hold-exclusive' });
  onTestFinished(() => writer.kill());
  writeFileSync(pidFile, String(writer.pid));
  process.kill(writer.pid, 'SIGSTOP');
  const plan = await engine.planRestore('latest', { scope: 'brain' });
  // The fault is there: nobody can read it.
  expect(plan.warnings.map(({ code }) => code)).toContain('database-unreadable');
  const report = await engine.restore('latest', { scope: 'brain' });
  expect(report.id).not.toBeNull();
  expect(() => process.kill(writer.pid, 0)).toThrow('ESRCH');
  expect(place.events()).toBe(50);
});
