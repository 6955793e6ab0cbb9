import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { restoresFolder } from '../../../src/engine/folders.ts';
import { judgeProtection } from '../../../src/engine/growth/judge-protection.ts';
import { systemClock } from '../../../src/engine/platform/clock.ts';
import { acquireLock } from '../../../src/engine/platform/locks.ts';
import { findBaseline, readCatalog } from '../../../src/engine/snapshot/catalog.ts';
import { createSmallCodex } from '../../helpers/small-codex.ts';

describe('status', () => {
  test('without a snapshot it is unprotected, with one protected, and new rows are exposed until they are saved', async () => {
    const { engine, change } = createSmallCodex();
    expect(await engine.status()).toMatchObject({ state: 'unprotected', exposure: { milliseconds: null } });
    await engine.run({ trigger: 'manual' });
    expect(await engine.status()).toMatchObject({ state: 'protected', reasons: [], watcher: null, alarm: null });
    change("INSERT INTO events (kind) VALUES ('TurnAppended'), ('TurnAppended')");
    const { exposure, state } = await engine.status();
    expect(exposure?.rows).toEqual([{ table: 'events', rows: 2 }]);
    expect(exposure?.milliseconds).toBeGreaterThan(0);
    expect(state).toBe('protected');
    await engine.run({ trigger: 'manual' });
    expect((await engine.status()).exposure).toEqual({ milliseconds: 0, bytes: 0, rows: [] });
  });

  test('it is running while another process takes a snapshot, and names it', async () => {
    const { engine, backups } = createSmallCodex();
    await engine.run({ trigger: 'manual' });
    const folder = join(backups, '.locks');
    const lock = await acquireLock({ folder, name: 'writer', mode: 'exclusive', what: 'snapshot', clock: systemClock });
    expect(await engine.status()).toMatchObject({ state: 'running', holder: { what: 'snapshot', pid: process.pid } });
    lock.release();
    expect(await engine.status()).toMatchObject({ state: 'protected', holder: null });
  });

  test('it names who restores', async () => {
    const { engine, root } = createSmallCodex();
    await engine.run({ trigger: 'manual' });
    const folder = restoresFolder(root);
    const lock = await acquireLock({ folder, name: 'root', mode: 'exclusive', what: 'restore', clock: systemClock });
    expect(await engine.status()).toMatchObject({ state: 'protected', holder: { what: 'restore', pid: process.pid } });
    lock.release();
    expect(await engine.status()).toMatchObject({ state: 'protected', holder: null });
  });

  test('it is failed from a failed attempt until a snapshot is taken', async () => {
    const { engine, brain } = createSmallCodex();
    await engine.run({ trigger: 'manual' });
    renameSync(brain, `${brain}.away`);
    await expect(engine.run({ trigger: 'growth' })).rejects.toMatchObject({ code: 'brain-missing' });
    renameSync(`${brain}.away`, brain);
    const failed = await engine.status();
    expect(failed.state).toBe('failed');
    expect(failed.reasons[0]?.message).toContain('There is no database at');
    await engine.run({ trigger: 'manual' });
    expect((await engine.status()).state).toBe('protected');
  });

  test('what changed more than 30 minutes ago and is not saved makes it unprotected, a full disk asks for attention', async () => {
    const { engine, backups } = createSmallCodex();
    await engine.run({ trigger: 'manual' });
    const baseline = findBaseline(readCatalog(backups));
    const state = (milliseconds: number, freeBytes = 2_000_000_000) =>
      judgeProtection({
        catalog: readCatalog(backups),
        coverage: { services: [], databases: [], scripts: [], files: [] },
        baseline,
        exposure: { milliseconds, bytes: 1, rows: [] },
        interruptedRestore: null,
        backupsFailure: null,
        lookFailure: null,
        failedRun: null,
        alarm: null,
        copies: [],
        nowMs: Date.now(),
        alarmFailure: null,
        freeBytes,
        reserveBytes: 1_000_000_000,
      }).state;
    expect(state(30 * 60_000)).toBe('protected');
    expect(state(30 * 60_000 + 1)).toBe('unprotected');
    expect(state(0, 999_999_999)).toBe('attention');
  });
});
