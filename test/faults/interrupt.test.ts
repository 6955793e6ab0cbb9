import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { endingOf } from '../cli/support/spawn-cli.ts';
import { waitUntil } from '../helpers/sample.ts';
import { waitForNobody } from './support/children.ts';
import { createFaultPlace, leftOvers, scale, snapshotNames } from './support/fault-place.ts';
import { expectIntact, fingerprint } from './support/fingerprint.ts';
import { errorOf } from './support/json-ending.ts';

const steps = [
  'run:locked',
  'captured:brain',
  'snapshot:captured',
  'archive:pack',
  'archive:flushed',
  'snapshot:manifest',
];

test.for(steps)('Ctrl-C at %s ends with 130 and leaves nothing behind', async (step) => {
  const place = createFaultPlace();
  const held = join(place.folder, 'held');
  const child = place.start(['run', '--json'], { environment: { CODEX_BACKUP_FAIL_POINT: `hold:${step}:${held}` } });
  const ending = endingOf(child);
  await waitUntil(`the snapshot is held at ${step}`, () => existsSync(held), child);
  child.kill('SIGINT');
  rmSync(held);
  const ended = await ending;
  expect(ended.code, ended.err).toBe(130);
  expect(errorOf(ended).code).toBe('cancelled');
  expect(snapshotNames(place.backups)).toEqual([]);
  expect(leftOvers(place.backups)).toEqual([]);
  await waitForNobody(place.folder);
});

const interrupts = scale === 1 ? 4 : 8 * scale;

test(`Ctrl-C at ${interrupts} random moments, from a terminal's whole group, cancels or comes too late`, {
  timeout: 60_000 * scale,
}, async () => {
  const place = createFaultPlace({ brainBytes: 5_000_000 });
  expect((await place.run(['run', '--quiet'])).code).toBe(0);
  let usualMs = 2000;
  let cancelled = 0;
  while (cancelled < interrupts) {
    const started = performance.now();
    const before = fingerprint(place.backups);
    const published = snapshotNames(place.backups).length;
    const child = place.start(['run', '--json'], { detached: true });
    const ending = endingOf(child);
    // Before the program listens, the system's own answer to Ctrl-C is the right one.
    await Promise.race([sleep(usualMs * Math.random()), ending]);
    if (child.pid !== undefined && child.exitCode === null) signalGroup(child.pid);
    const { code, signal, out, err } = await ending;
    if (signal === 'SIGINT' || code === 130) cancelled += 1;
    else {
      expect(code, err).toBe(0);
      // So that the next ones do not come too late as well.
      usualMs = Math.min(usualMs, performance.now() - started);
    }
    // The system's own answer can also come when the work is done and told, and the process is ending: whatever the
    // end, a snapshot is there exactly when the program has said so.
    const isTold = code !== 130 && out !== '' && JSON.parse(out).ok === true;
    if (signal === null) expect(isTold, err).toBe(code === 0);
    expect(snapshotNames(place.backups), err).toHaveLength(published + (isTold ? 1 : 0));
    expectIntact(place.backups, before);
    expect(leftOvers(place.backups)).toEqual([]);
  }
  await waitForNobody(place.folder);
});

function signalGroup(pid: number): void {
  spawnSync('kill', ['-INT', '--', `-${pid}`]);
}

test('a second Ctrl-C ends at once, without cleaning up, and the next run sweeps', async () => {
  const place = createFaultPlace();
  const held = join(place.folder, 'held');
  const child = place.start(['run', '--json'], {
    environment: { CODEX_BACKUP_FAIL_POINT: `hold:captured:brain:${held}` },
  });
  const ending = endingOf(child);
  await waitUntil('the Brain is copied', () => existsSync(held), child);
  child.kill('SIGINT');
  // One signal is not told from two of the same kind that wait together.
  await waitUntil('the first one has arrived', () => pendingSignals(child.pid) === 0);
  child.kill('SIGINT');
  rmSync(held);
  const { code, out } = await ending;
  expect(code).toBe(130);
  expect(out).toBe('');
  expect(leftOvers(place.backups)).toHaveLength(1);
  await waitForNobody(place.folder);
  expect(snapshotNames(place.backups)).toEqual([]);
  expect((await place.run(['run', '--quiet'])).code).toBe(0);
  expect(leftOvers(place.backups)).toEqual([]);
});

/** Where the system does not show them, they are taken to have arrived. */
function pendingSignals(pid: number | undefined): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return 0;
  return Number.parseInt(/^ShdPnd:\s+([0-9a-f]+)/m.exec(readFileSync(status, 'utf8'))?.[1] ?? '0', 16);
}
