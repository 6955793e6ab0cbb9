import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createContext } from '../../../src/engine/context.ts';
import { createEngine } from '../../../src/engine/index.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';
import { findBaseline, readCatalog } from '../../../src/engine/snapshot/catalog.ts';
import { findLoss } from '../../../src/engine/snapshot/find-loss.ts';
import { noticeLoss } from '../../../src/engine/snapshot/notice-loss.ts';
import { createSmallCodex, type SmallCodex } from '../../helpers/small-codex.ts';

const brainPath = 'codex-brain/codex-brain-data/codex-brain.db';

/** What a restore of the Brain leaves beside the root. */
function writeJournal({ root }: SmallCodex, replaces: readonly string[], outcome: string): void {
  const folder = join(root, '../.Codex-restores/2025-11-22T03-35-57-396Z');
  mkdirSync(folder, { recursive: true });
  const records = [
    { kind: 'begin', replaces },
    { kind: 'end', outcome },
  ];
  writeFileSync(join(folder, 'journal.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

const killedRun = fileURLToPath(new URL('../growth/killed-run.ts', import.meta.url));

/** A snapshot in a process that is killed at that place. */
function killRun({ root, home }: SmallCodex, point: string): NodeJS.Signals | null {
  const env = { ...process.env, CODEX_BACKUP_FAIL_POINT: `kill:${point}` };
  return spawnSync(process.execPath, [killedRun, root, home, String(Date.now())], { env }).signal;
}

describe('an alarm', () => {
  test('fewer rows than the last good snapshot: that one is pinned, pruning stops, until it is acknowledged', async () => {
    const codex = createSmallCodex();
    const { engine } = codex;
    const older = await engine.run({ trigger: 'manual' });
    const good = await engine.run({ trigger: 'manual' });
    codex.change('DELETE FROM events WHERE id > 10');
    const lossy = await engine.run({ trigger: 'change' });

    const { alarm, state, reasons } = await engine.status();
    expect(alarm).toMatchObject({ kind: 'memory-lost', snapshot: lossy.id, good: good.id });
    expect(alarm?.message).toBe('The Brain has lost memories: 40 of 50 rows of events.');
    expect(state).toBe('attention');
    expect(reasons[0]?.hint).toContain('codex-backup acknowledge');
    expect((await engine.show(good.id)).pinned).toBe(true);
    expect((await engine.planPrune({ keepLast: 1 })).remove).toEqual([]);
    await expect(engine.remove(good.id)).rejects.toMatchObject({ code: 'snapshot-pinned' });
    await engine.pin(good.id, false);
    await expect(engine.remove(good.id)).rejects.toThrow(/the memories that an alarm says are missing/);
    await engine.pin(good.id, true);

    expect(await engine.acknowledge()).toEqual(alarm);
    expect(await engine.acknowledge()).toBeNull();
    expect((await engine.status()).state).toBe('protected');
    expect((await engine.planPrune({ keepLast: 1 })).remove.map(({ id }) => id)).toEqual([older.id]);
    expect((await engine.show(good.id)).pinned).toBe(true);
  });

  test('while one stands, a user may remove another snapshot by hand, and is told that nothing is pruned', async () => {
    const codex = createSmallCodex();
    const { engine } = codex;
    const older = await engine.run({ trigger: 'manual' });
    await engine.run({ trigger: 'manual' });
    codex.change('DELETE FROM events WHERE id > 10');
    await engine.run({ trigger: 'change' });
    const removed = await engine.remove(older.id);
    expect(removed).toMatchObject({ id: older.id, alarm: expect.stringContaining('40 of 50 rows of events') });
    expect((await engine.list()).map(({ id }) => id)).not.toContain(older.id);
    expect((await engine.status()).alarm).not.toBeNull();
  });

  test.for(['publish:before', 'publish:renamed', 'publish:done'])(
    'a kill at %s loses no alarm: it stands before the snapshot does, and the next one tells it',
    async (point) => {
      const codex = createSmallCodex();
      const { engine, backups } = codex;
      const good = await engine.run({ trigger: 'manual' });
      codex.change('DELETE FROM events WHERE id > 10');
      expect(killRun(codex, point)).toBe('SIGKILL');
      const { alarm } = await engine.status();
      expect(alarm?.good).toBe(good.id);
      expect(existsSync(join(backups, alarm?.snapshot ?? ''))).toBe(point !== 'publish:before');
      expect((await engine.show(good.id)).pinned).toBe(true);
      expect((await engine.planPrune({ keepLast: 1 })).remove).toEqual([]);
      const next = await engine.run({ trigger: 'change' });
      const told = (await engine.status()).alarm;
      expect(told?.good).toBe(good.id);
      expect(told?.snapshot).toBe(point === 'publish:before' ? next.id : alarm?.snapshot);
    },
  );

  test('a snapshot that can not be published takes its alarm back', async () => {
    const codex = createSmallCodex();
    const { engine, backups, root, home } = codex;
    const good = await engine.run({ trigger: 'manual' });
    codex.change('DELETE FROM events WHERE id > 10');
    const other = createEngine({ root, home, env: {}, backups: join(home, 'other'), logger: silentLogger });
    const lossy = await other.run({ trigger: 'manual' });
    await other.close();
    const clock = { now: () => Date.now() };
    const context = createContext({ root, home, env: {}, clock, logger: silentLogger });
    const withdraw = noticeLoss(context, findBaseline(readCatalog(backups)), lossy);
    expect((await engine.status()).alarm?.good).toBe(good.id);
    withdraw();
    expect((await engine.status()).alarm).toBeNull();
    expect((await engine.show(good.id)).pinned).toBe(false);
  });

  test('the first alarm stays until it is acknowledged: it names the copy that has everything', async () => {
    const codex = createSmallCodex();
    const good = await codex.engine.run({ trigger: 'manual' });
    codex.change('DELETE FROM events WHERE id > 30');
    await codex.engine.run({ trigger: 'change' });
    codex.change('DELETE FROM events');
    await codex.engine.run({ trigger: 'change' });
    expect((await codex.engine.status()).alarm?.good).toBe(good.id);
  });

  test('a restore of the Brain raises none; one that was rolled back, or of the code alone, does not hide a loss', async () => {
    const cases = [
      { replaces: [brainPath], outcome: 'restored', raises: false },
      { replaces: [brainPath], outcome: 'rolled-back', raises: true },
      { replaces: [], outcome: 'restored', raises: true },
    ];
    for (const { replaces, outcome, raises } of cases) {
      const codex = createSmallCodex();
      await codex.engine.run({ trigger: 'manual' });
      codex.change('DELETE FROM events WHERE id > 10');
      writeJournal(codex, replaces, outcome);
      await codex.engine.run({ trigger: 'change' });
      expect((await codex.engine.status()).alarm !== null).toBe(raises);
    }
  });

  test('an alarm whose record is damaged stands, stops pruning and no snapshot, and can be ended', async () => {
    const { engine, backups } = createSmallCodex();
    await engine.run({ trigger: 'manual' });
    await engine.run({ trigger: 'manual' });
    writeFileSync(join(backups, '.meta/alarm.json'), '{');
    await engine.run({ trigger: 'manual' });
    const { state, reasons } = await engine.status();
    expect(state).toBe('attention');
    expect(reasons[0]?.hint).toContain('codex-backup acknowledge');
    await expect(engine.prune({ rules: { keepLast: 1 } })).rejects.toMatchObject({ code: 'io' });
    expect(await engine.acknowledge()).toBeNull();
    expect((await engine.prune({ rules: { keepLast: 1 } })).remove).toHaveLength(2);
  });

  test('a Brain that grows, is vacuumed or loses a few rows raises none', async () => {
    const codex = createSmallCodex();
    await codex.engine.run({ trigger: 'manual' });
    codex.change("DELETE FROM events WHERE id > 45; INSERT INTO documents (docId) VALUES ('d2'); VACUUM");
    await codex.engine.run({ trigger: 'change' });
    expect((await codex.engine.status()).alarm).toBeNull();
  });
});

describe('findLoss', () => {
  const table = (name: string, rows: number) => ({ name, rows, maxRowid: rows });
  const before = { tables: [table('events', 1000), table('documents', 3)], usedBytes: 1_000_000 };

  test('no tables, an emptied one, a missing one, far fewer rows, far smaller', () => {
    const loss = (tables: typeof before.tables, usedBytes = 1_000_000) => findLoss(before, { tables, usedBytes });
    expect(loss([])?.kind).toBe('suspicious');
    expect(loss([table('events', 1000)])?.message).toContain('the table documents with 3 rows');
    expect(loss([table('events', 1000), table('documents', 0)])?.message).toContain('all 3 rows of documents');
    expect(loss([table('events', 949), table('documents', 3)])?.kind).toBe('memory-lost');
    expect(loss([table('events', 950), table('documents', 1)])).toBeNull();
    expect(loss(before.tables, 499_999)?.kind).toBe('suspicious');
    expect(loss(before.tables, 500_000)).toBeNull();
  });

  test('a small Brain may shrink, and an empty one has nothing to lose', () => {
    expect(findLoss({ ...before, usedBytes: 200_000 }, { ...before, usedBytes: 4096 })).toBeNull();
    expect(findLoss({ tables: [], usedBytes: 0 }, { tables: [], usedBytes: 0 })).toBeNull();
  });
});
