import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { endingOf } from '../cli/support/spawn-cli.ts';
import { waitUntil } from '../helpers/sample.ts';
import { createFaultPlace, leftOvers, snapshotNames } from './support/fault-place.ts';
import { errorOf } from './support/json-ending.ts';

const count = 20;

test(`C46: of ${count} runs started at once on a folder that nobody used yet, each makes a snapshot or is told that it is busy`, async () => {
  // Outside of the root, where the folder is known by its mark from the first time on.
  const backups = join(mkdtempSync(join(realpathSync(tmpdir()), 'codex-backup-volume-')), 'backups');
  onTestFinished(() => rmSync(join(backups, '..'), { recursive: true, force: true }));
  const place = createFaultPlace({ backups });
  const endings = await Promise.all(Array.from({ length: count }, () => place.run(['run', '--json'])));
  const codes = endings.map(({ code }) => code);
  const done = codes.filter((code) => code === 0).length;
  expect(codes.filter((code) => code === 4)).toHaveLength(count - done);
  for (const ending of endings.filter(({ code }) => code === 4)) expect(errorOf(ending).code).toBe('busy');
  expect(done).toBeGreaterThan(0);
  expect(snapshotNames(backups)).toHaveLength(done);
  expect(leftOvers(backups)).toEqual([]);
  const engine = place.engine();
  onTestFinished(() => engine.close());
  const sequences = (await engine.list()).map(({ sequence }) => sequence);
  expect(sequences).toEqual(Array.from({ length: done }, (_, i) => done - i));
  expect((await engine.run({ trigger: 'manual' })).status).toBe('verified');
});

test(`C46: while one run holds the lock, ${count - 1} others end at once with exit code 4 and name it`, async () => {
  const place = createFaultPlace();
  const held = join(place.folder, 'held');
  const first = place.start(['run', '--json'], { environment: { CODEX_BACKUP_FAIL_POINT: `hold:run:locked:${held}` } });
  const firstEnding = endingOf(first);
  await waitUntil('the lock is held', () => existsSync(held), first);
  const others = await Promise.all(Array.from({ length: count - 1 }, () => place.run(['run', '--json'])));
  expect(others.map(({ code }) => code)).toEqual(Array.from({ length: count - 1 }, () => 4));
  for (const ending of others) expect(errorOf(ending).message).toContain(`Process ${first.pid}`);
  rmSync(held);
  expect((await firstEnding).code).toBe(0);
  expect(snapshotNames(place.backups)).toHaveLength(1);
});

test('C49, C53: a run that sleeps in the middle keeps its lock, and finishes when it wakes', async () => {
  const place = createFaultPlace({ brainBytes: 20_000_000 });
  const held = join(place.folder, 'held');
  const child = place.start(['run', '--json'], {
    environment: { CODEX_BACKUP_FAIL_POINT: `hold:captured:brain:${held}` },
  });
  const ending = endingOf(child);
  await waitUntil('the Brain is copied', () => existsSync(held), child);
  child.kill('SIGSTOP');
  rmSync(held);
  const late = place.engine({ clock: { now: () => Date.now() + 3_600_000 } });
  onTestFinished(() => late.close());
  for (const _round of [1, 2]) {
    await expect(late.run({ trigger: 'manual' })).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining('no sign of life'),
    });
  }
  child.kill('SIGCONT');
  expect((await ending).code).toBe(0);
  expect(snapshotNames(place.backups)).toHaveLength(1);
  expect((await late.verify([])).flatMap(({ problems }) => problems)).toEqual([]);
});

test('C53: a restore that sleeps in the middle keeps its lock, nobody takes it for dead, and it finishes when it wakes', async () => {
  const place = createFaultPlace();
  const engine = place.engine();
  onTestFinished(() => engine.close());
  const { id } = await engine.run({ trigger: 'manual' });
  const file = join(place.root, 'codex-voice/tone.txt');
  const saved = readFileSync(file, 'utf8');
  writeFileSync(file, 'changed since\n');
  const held = join(place.folder, 'held');
  const child = place.start(['restore', id, '--only', 'code', '--no-services', '--yes', '--json'], {
    environment: { CODEX_BACKUP_FAIL_POINT: `hold:change:1:after:${held}` },
  });
  const ending = endingOf(child);
  await waitUntil('the first change is made', () => existsSync(held), child);
  child.kill('SIGSTOP');
  rmSync(held);
  const late = place.engine({ clock: { now: () => Date.now() + 8 * 3_600_000 } });
  onTestFinished(() => late.close());
  await expect(late.run({ trigger: 'growth' })).rejects.toMatchObject({ code: 'busy' });
  await expect(late.recover()).rejects.toMatchObject({ code: 'busy' });
  expect(await late.restores()).toMatchObject([{ state: 'running' }]);
  child.kill('SIGCONT');
  expect((await ending).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(saved);
  expect(await late.restores()).toMatchObject([{ state: 'restored' }]);
});
