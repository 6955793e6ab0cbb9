import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { brainPath, createFaultPlace, snapshotNames } from '../../faults/support/fault-place.ts';

function openPlace() {
  const place = createFaultPlace();
  const warnings: string[] = [];
  const quiet = () => undefined;
  const logger = { debug: quiet, info: quiet, warn: (text: string) => warnings.push(text), error: quiet };
  const engine = place.engine({ logger });
  onTestFinished(() => engine.close());
  return { place, engine, warnings };
}

test('snapshots, failures, verifications, removals and changed settings are recorded', async () => {
  const { place, engine } = openPlace();
  const { id } = await engine.run({ trigger: 'growth' });
  await engine.run({ trigger: 'manual' });
  await engine.verify([id]);
  await engine.remove(id);
  await engine.changeSetting('verify.rereadDays', '14');
  rmSync(join(place.root, brainPath));
  await expect(engine.run({ trigger: 'manual' })).rejects.toMatchObject({ code: 'brain-missing' });
  const entries = await engine.activity();
  expect(entries.map(({ kind, ok }) => [kind, ok])).toEqual([
    ['snapshot', false],
    ['settings', true],
    ['remove', true],
    ['verify', true],
    ['snapshot', true],
    ['snapshot', true],
  ]);
  expect(entries[0]?.message).toMatch(/No snapshot was taken \(trigger manual\): There is no database at /);
  expect(entries[1]?.message).toBe('The setting verify.rereadDays was changed to 14.');
  expect(entries.slice(2, 4).map(({ snapshot }) => snapshot)).toEqual([id, id]);
  expect(await engine.activity({ limit: 1, before: entries[0]?.id ?? 0 })).toEqual([entries[1]]);
});

test('a verification that finds problems is recorded as failed', async () => {
  const { place, engine } = openPlace();
  const { id } = await engine.run({ trigger: 'manual' });
  const copy = join(place.backups, id, 'codex-brain.db');
  const bytes = readFileSync(copy);
  writeFileSync(copy, bytes.fill(1, 5000, 5001));
  await engine.verify([id]);
  const [entry] = await engine.activity({ limit: 1 });
  expect(entry).toMatchObject({ kind: 'verify', ok: false, snapshot: id });
  expect(entry?.message).toMatch(/1 problem/);
});

test('a snapshot is taken where nothing can be recorded, and the log says so', async () => {
  const { place, engine, warnings } = openPlace();
  mkdirSync(join(place.home, 'state.db'), { recursive: true });
  const { id } = await engine.run({ trigger: 'manual' });
  expect(snapshotNames(place.backups)).toEqual([id]);
  expect(warnings.join('\n')).toContain('could not be recorded');
});

test('state.db is private, whatever the umask', async () => {
  const { place } = openPlace();
  const wrapper = ['sh', '-c', 'umask 000; exec "$@"', 'sh'];
  expect((await place.run(['run', '--quiet'], { wrapper })).code).toBe(0);
  expect(statSync(join(place.home, 'state.db')).mode & 0o777).toBe(0o600);
  chmodSync(place.home, 0o700);
  const { out } = await place.run(['activity', '--json']);
  expect(JSON.parse(out)).toMatchObject({ ok: true, activity: [{ kind: 'snapshot', ok: true }] });
  expect((await place.run(['activity', '--limit', '5'])).out).toMatch(
    /WHEN .*\n.* ✓ +snapshot +codex-backup-.* trigger manual, verified/,
  );
});
