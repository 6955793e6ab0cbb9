import { closeSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { createContext } from '../../../src/engine/context.ts';
import { BackgroundChecks, type CheckWork } from '../../../src/engine/growth/background-checks.ts';
import type { CheckedSnapshot } from '../../../src/engine/growth/plan-check.ts';
import { acquireLock } from '../../../src/engine/platform/locks.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';
import type { WatchEvent, WatchNews } from '../../../src/shared/watch-events.ts';
import { createSmallCodex, type SmallCodex } from '../../helpers/small-codex.ts';
import { stageWatch, type WatchStage } from '../../helpers/watch-stage.ts';

const minute = 60_000;
const day = 1440 * minute;
const oneRow = "INSERT INTO events (kind) VALUES ('TurnAppended')";
type Checked = Extract<WatchEvent, { readonly kind: 'checked' }>;

const checkedIn = ({ events }: WatchStage): readonly Checked[] =>
  events.filter((event): event is Checked => event.kind === 'checked');

/** A check has the lowest priority: on a busy machine it hardly gets on. */
const patient = { timeout: 250_000, interval: 20 };
const timeout = 600_000;

/** Waits until the watcher has told of so many checks. */
const untilChecked = (stage: WatchStage, count: number) =>
  vi.waitFor(() => expect(checkedIn(stage).length).toBeGreaterThanOrEqual(count), patient);

/** Lets minutes pass until the watcher has begun so many checks: after one that took long it rests for long. */
async function passUntilChecking(stage: WatchStage, count: number): Promise<void> {
  const begun = (): number => stage.events.filter(({ kind }) => kind === 'checking').length;
  for (let minutes = 0; begun() < count; minutes += 1) {
    expect(minutes).toBeLessThan(120);
    await stage.pass(minute);
  }
}

function damageBrain({ backups }: SmallCodex, id: string): void {
  const fd = openSync(join(backups, id, 'codex-brain.db'), 'r+');
  writeSync(fd, Buffer.alloc(2000, 0xa5), 0, 2000, 5 * 4096);
  closeSync(fd);
}

describe('a watcher with nothing else to do', { timeout }, () => {
  test('restores the latest on trial and reads all of them back, and records it', async () => {
    const codex = createSmallCodex();
    await codex.engine.changeSetting('verify.everyDays', '2');
    const stage = await stageWatch(codex);
    await stage.pass(2 * minute);
    const [first] = await codex.engine.list();
    expect(checkedIn(stage)).toEqual([]);
    await stage.jump(day);
    await untilChecked(stage, 1);
    expect(checkedIn(stage)[0]).toMatchObject({ check: 'drill', snapshot: first?.id, ok: true, problem: '' });
    await stage.jump(day);
    await untilChecked(stage, 2);
    expect(checkedIn(stage)[1]).toMatchObject({ check: 'verify', snapshot: first?.id, ok: true });
    await stage.pass(12 * minute);
    expect(checkedIn(stage)).toHaveLength(2);
    await stage.end();
    const { checks } = await codex.engine.show('latest');
    expect(checks.map(({ kind, ok }) => [kind, ok])).toEqual([
      ['drill', true],
      ['verify', true],
    ]);
    expect((await codex.engine.status()).lastDrill).toMatchObject({ id: first?.id, ok: true });
    expect((await codex.engine.activity()).map(({ kind }) => kind)).toContain('verify');
    expect(readdirSync(codex.backups).filter((name) => name.startsWith('.partial'))).toEqual([]);
  });

  test('a copy of the Brain that rots is found: unprotected until it is saved anew, and damage asks for attention until it is gone', async () => {
    const codex = createSmallCodex();
    const { engine } = codex;
    const stage = await stageWatch(codex);
    await stage.pass(2 * minute);
    codex.change(oneRow);
    await stage.pass(17 * minute);
    const [newest] = await engine.list();
    expect(await engine.list()).toHaveLength(2);
    damageBrain(codex, newest?.id ?? '');
    await stage.jump(day);
    await untilChecked(stage, 1);
    expect(checkedIn(stage)[0]).toMatchObject({ check: 'drill', snapshot: newest?.id, ok: false });
    const doubted = await engine.status();
    expect(doubted.reasons.map(({ message }) => message).join()).toContain(`The trial restore of ${newest?.id} failed`);

    await passUntilChecking(stage, 2);
    await untilChecked(stage, 2);
    expect(checkedIn(stage)[1]).toMatchObject({ check: 'verify', snapshot: newest?.id, ok: false });
    const lost = await engine.status();
    expect(lost.state).toBe('unprotected');
    expect(lost.reasons[0]?.message).toBe(`The copy of the Brain in the newer snapshot ${newest?.id} is damaged.`);

    await stage.pass(2 * minute);
    const [saved] = await engine.list();
    expect(saved?.id).not.toBe(newest?.id);
    const attention = await engine.status();
    expect(attention.state).toBe('attention');
    expect(attention.reasons.map(({ message }) => message)).toContain(`The snapshot ${newest?.id} is damaged.`);
    await passUntilChecking(stage, 3);
    await untilChecked(stage, 3);
    expect(checkedIn(stage)[2]).toMatchObject({ check: 'drill', snapshot: saved?.id, ok: true });
    await stage.end();
    await engine.remove(newest?.id ?? '');
    expect((await engine.status()).state).toBe('protected');
  });
});

describe('BackgroundChecks', () => {
  const due: CheckedSnapshot = {
    id: 'a',
    verified: { atMs: 0, ok: true },
    drilled: { atMs: 99 * day, ok: true },
    isDoubtful: false,
    canDrill: true,
  };

  /** Checks that go on until they are broken off, at a time that the test moves. */
  function stageChecks(isDisturbed: CheckWork['isDisturbed'] = async () => false) {
    const { root, home } = createSmallCodex();
    const time = { nowMs: 100 * day };
    const context = createContext({ root, home, env: {}, clock: { now: () => time.nowMs }, logger: silentLogger });
    const signals: AbortSignal[] = [];
    const told: WatchNews[] = [];
    const perform: CheckWork['perform'] = (_context, _task, signal) =>
      new Promise((resolve) => {
        signals.push(signal);
        signal.addEventListener('abort', () => resolve(null));
      });
    const checks = new BackgroundChecks({ perform, isDisturbed }, (news) => told.push(news), time.nowMs);
    return { checks, context, time, signals, told, begin: () => checks.begin(context, [due]) };
  }

  test('begin after a rest, one at a time; one that was broken off is caught up after the next rest', async () => {
    const { checks, time, signals, told, begin } = stageChecks();
    begin();
    time.nowMs += 5 * minute;
    begin();
    begin();
    await expect.poll(() => signals).toHaveLength(1);
    await checks.stop();
    expect(signals[0]?.aborted).toBe(true);
    begin();
    time.nowMs += 5 * minute;
    begin();
    await expect.poll(() => signals).toHaveLength(2);
    await checks.stop();
    expect(told.map(({ kind }) => kind)).toEqual(['checking', 'checking']);
  });

  test('do not begin while another process restores or takes a snapshot, and end when one begins', async () => {
    let disturbed = true;
    const { checks, time, signals, begin } = stageChecks(async () => disturbed);
    time.nowMs += 5 * minute;
    begin();
    await checks.stop();
    expect(signals).toEqual([]);
    disturbed = false;
    time.nowMs += 5 * minute;
    begin();
    await expect.poll(() => signals).toHaveLength(1);
    disturbed = true;
    await expect.poll(() => signals[0]?.aborted).toBe(true);
    await checks.stop();
  });

  test('a clock that was set back is not waited for', async () => {
    const { checks, time, signals, begin } = stageChecks();
    time.nowMs -= day;
    begin();
    await expect.poll(() => signals).toHaveLength(1);
    await checks.stop();
  });

  test('a restore and a snapshot of another process disturb; somebody who reads does not', async () => {
    const { checkWork } = await import('../../../src/engine/operations/check-in-background.ts');
    const codex = createSmallCodex();
    await codex.engine.run({ trigger: 'manual' });
    const clock = { now: () => Date.now() };
    const context = createContext({ root: codex.root, home: codex.home, env: {}, clock, logger: silentLogger });
    const restores = join(codex.root, '../.Codex-restores');
    const backups = join(codex.backups, '.locks');
    for (const [folder, name, mode, what, expected] of [
      [restores, 'root', 'exclusive', 'restore', true],
      [restores, 'root', 'shared', 'look', false],
      [backups, 'writer', 'exclusive', 'snapshot', true],
      [backups, 'writer', 'exclusive', 'record', false],
      [backups, 'removal', 'shared', 'verify', false],
    ] as const) {
      const lock = await acquireLock({ folder, name, mode, what, clock });
      expect(await checkWork.isDisturbed(context), `${name} ${what}`).toBe(expected);
      lock.release();
      expect(await checkWork.isDisturbed(context)).toBe(false);
    }
  });
});
