import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../../src/engine/index.ts';
import { endingOf } from '../cli/support/spawn-cli.ts';
import { findProcessesIn } from '../helpers/find-processes-in.ts';
import { waitUntil } from '../helpers/sample.ts';
import { waitForNobody } from './support/children.ts';
import { createFaultPlace, type FaultPlace, leftOvers, scale, snapshotNames } from './support/fault-place.ts';
import { expectIntact, type Fingerprint, fingerprint } from './support/fingerprint.ts';

/** Every step of a snapshot whose code has changed, in order. */
const stepsOfWriting = [
  'run:locked',
  'snapshot:staged',
  'captured:brain',
  'captured:databases',
  'snapshot:captured',
  'archive:create',
  'archive:pack',
  'archive:end',
  'archive:flushed',
  'snapshot:index',
  'check:begin',
  'snapshot:code',
  'snapshot:text',
  'snapshot:manifest',
  'publish:before',
  'publish:renamed',
  'publish:done',
];
/** Those of a snapshot that links its code to the one before. */
const stepsOfLinking = ['linked:codex-code.tar.gz', 'linked:code-index.json.gz'];
/** Those of files beside the snapshots. */
const stepsOfRecords = ['replace:writer.json', 'replaced:writer.json'];

describe('a snapshot that is killed', () => {
  let place: FaultPlace;
  /** Its clock is ahead, so that all files count as older than its snapshots, and are linked unread. */
  let engine: Engine;

  beforeAll(async () => {
    place = createFaultPlace({ folder: mkdtempSync(join(realpathSync(tmpdir()), 'codex-backup-kill-')) });
    engine = place.engine({ clock: { now: () => Date.now() + 60_000 } });
    await engine.run({ trigger: 'manual' });
  });
  afterAll(async () => {
    const results = await engine.verify([]);
    await engine.close();
    rmSync(place.folder, { recursive: true, force: true });
    expect(results.length).toBeGreaterThan(20);
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
  });

  test.for([
    ...stepsOfWriting.map((step) => ({ step, change: true })),
    ...stepsOfLinking.map((step) => ({ step, change: false })),
    ...stepsOfRecords.map((step) => ({ step, change: false })),
  ])('C43: at $step, twice in a row, hurts nothing', async ({ step, change }) => {
    const before = fingerprint(place.backups);
    const published = snapshotNames(place.backups).length;
    for (const _round of [1, 2]) {
      if (change) changeCode(place);
      await killAt(place, step);
      expectIntact(place.backups, before);
    }
    const isPublished = step === 'publish:renamed' || step === 'publish:done';
    expect(snapshotNames(place.backups)).toHaveLength(published + (isPublished ? 2 : 0));
    await waitForNobody(place.folder);
    await expectRecovery(place, engine, before);
  });
});

/** What a kill may have left is either whole or not listed; one more run succeeds, and sweeps. */
async function expectRecovery(place: FaultPlace, engine: Engine, before: Fingerprint): Promise<void> {
  const found = await engine.list();
  expect(found.filter(({ status }) => status !== 'verified')).toEqual([]);
  const snapshot = await engine.run({ trigger: 'manual' });
  expect(snapshot.status).toBe('verified');
  expectIntact(place.backups, before);
  expect(leftOvers(place.backups)).toEqual([]);
}

const changeCode = (place: FaultPlace) => appendFileSync(join(place.root, 'codex-bridge/src/a/deep/route.js'), '\n');

async function killAt(place: FaultPlace, step: string): Promise<void> {
  const environment = { CODEX_BACKUP_FAIL_POINT: `kill:${step}` };
  const { signal, code, err } = await place.run(['run', '--quiet'], { environment });
  // There it is the check process that dies, and the snapshot must fail.
  if (step === 'check:begin') expect(code, err).toBe(1);
  else expect(signal, `${step} was passed: ${err}`).toBe('SIGKILL');
}

async function prepare(): Promise<{ readonly place: FaultPlace; readonly engine: Engine }> {
  const place = createFaultPlace();
  const engine = place.engine();
  onTestFinished(() => engine.close());
  await engine.run({ trigger: 'manual' });
  return { place, engine };
}

test('C43: a sweep that is killed goes on in the next run', async () => {
  const { place, engine } = await prepare();
  const before = fingerprint(place.backups);
  changeCode(place);
  await killAt(place, 'snapshot:manifest');
  expect(leftOvers(place.backups)).toHaveLength(1);
  await killAt(place, 'sweep:removed');
  await killAt(place, 'snapshot:manifest');
  await expectRecovery(place, engine, before);
});

test.for(['remove:before', 'remove:renamed', 'remove:deleted'])(
  'D58: a removal killed at %s leaves a whole snapshot or none',
  async (step) => {
    const { place, engine } = await prepare();
    const [oldest = ''] = snapshotNames(place.backups);
    changeCode(place);
    await engine.run({ trigger: 'manual' });
    const before = fingerprint(place.backups, snapshotNames(place.backups).slice(1));
    const environment = { CODEX_BACKUP_FAIL_POINT: `kill:${step}` };
    const ending = await place.run(['remove', oldest, '--yes'], { environment });
    expect(ending.signal, ending.err).toBe('SIGKILL');
    expect(snapshotNames(place.backups).includes(oldest)).toBe(step === 'remove:before');
    const listed = await engine.list();
    expect(listed.every(({ status }) => status === 'verified')).toBe(true);
    await expectRecovery(place, engine, before);
  },
);

/** For the moments without a name; all that have one are met above. */
const randomKills = scale === 1 ? 8 : 20 * scale;

test(`C43: ${randomKills} kills at random moments hurt nothing`, { timeout: 60_000 * scale }, async () => {
  const { place, engine } = await prepare();
  const before = fingerprint(place.backups);
  let usualMs = 2000;
  let kills = 0;
  while (kills < randomKills) {
    changeCode(place);
    const started = performance.now();
    const child = place.start(['run', '--quiet']);
    const ending = endingOf(child);
    await Promise.race([sleep(Math.random() * usualMs), ending]);
    child.kill('SIGKILL');
    const { signal, code, err } = await ending;
    if (signal === 'SIGKILL') kills += 1;
    else {
      expect(code, err).toBe(0);
      // So that the next kills are not too late as well.
      usualMs = Math.min(usualMs, performance.now() - started);
    }
    expectIntact(place.backups, before);
  }
  await waitForNobody(place.folder);
  await expectRecovery(place, engine, before);
});

test('C43: the check process ends with the command that was killed', async () => {
  const place = createFaultPlace();
  const held = join(place.folder, 'held');
  const child = place.start(['run', '--quiet'], {
    environment: { CODEX_BACKUP_FAIL_POINT: `hold:snapshot:captured:${held}` },
  });
  await waitUntil('the snapshot is held', () => existsSync(held), child);
  await waitUntil('the check process runs', () => findProcessesIn(place.folder).length > 1, child);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await waitForNobody(place.folder);
  expect(readdirSync(place.backups).filter((name) => name.startsWith('.partial-'))).toHaveLength(1);
});
