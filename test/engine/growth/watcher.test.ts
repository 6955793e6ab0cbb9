import {
  closeSync,
  copyFileSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { acquireLock } from '../../../src/engine/platform/locks.ts';
import { createSmallCodex } from '../../helpers/small-codex.ts';
import { stageWatch } from '../../helpers/watch-stage.ts';
import { startWriter } from '../../helpers/writer-process.ts';

const minute = 60_000;
const oneRow = "INSERT INTO events (kind) VALUES ('TurnAppended')";
const grow = (bytes: number) => `INSERT INTO events (kind, json) VALUES ('TurnAppended', hex(zeroblob(${bytes / 2})))`;
const delayed = { journalMode: 'delete' } as const;

describe('the clock', () => {
  test('G120: it never sleeps longer than 15 s, and looks every minute by the wall clock', async () => {
    const stage = await stageWatch(createSmallCodex());
    await stage.pass(10 * minute);
    expect(Math.max(...stage.sleeps)).toBeLessThanOrEqual(15_000);
    const looks = stage.events.filter(({ kind }) => kind === 'look').map(({ at }) => Date.parse(at));
    expect(looks.length).toBeGreaterThanOrEqual(11);
    for (const [index, at] of looks.slice(1).entries()) expect(at - (looks[index] ?? 0)).toBeLessThanOrEqual(minute);
    await stage.end();
  });

  test('C52: after eight hours of sleep there is one look and one snapshot, and the reason is told', async () => {
    const codex = createSmallCodex();
    const stage = await stageWatch(codex);
    await stage.pass(2 * minute);
    codex.change(oneRow);
    await stage.pass(minute);
    const before = stage.events.length;
    await stage.jump(8 * 60 * minute);
    const since = stage.events.slice(before).map(({ kind }) => kind);
    expect(since).toEqual(['clock', 'look', 'begin', 'snapshot', 'look']);
    expect(stage.events[before]).toMatchObject({ lateMs: expect.any(Number) });
    await stage.pass(5 * minute);
    expect(await codex.engine.list()).toHaveLength(2);
    await stage.end();
  });

  test('C51: with a clock that was set back a year, and files of the future, an unchanged Brain is saved once', async () => {
    const codex = createSmallCodex();
    const stage = await stageWatch(codex);
    expect(lstatSync(codex.brain).mtimeMs).toBeGreaterThan(stage.now());
    await stage.pass(60 * minute);
    expect(await codex.engine.list()).toHaveLength(1);
    await stage.end();
  });

  test('C51: a year back or ten years ahead costs one look, no storm of snapshots, and none is missed', async () => {
    for (const jumpMs of [-365 * 24 * 60 * minute, 3650 * 24 * 60 * minute]) {
      const codex = createSmallCodex();
      const stage = await stageWatch(codex);
      await stage.pass(2 * minute);
      await stage.jump(jumpMs);
      expect(stage.kinds().at(-1)).toMatch(/clock|snapshot/);
      await stage.pass(20 * minute);
      const after = (await codex.engine.list()).length;
      expect(after).toBeLessThanOrEqual(2);
      codex.change(oneRow);
      await stage.pass(17 * minute);
      expect((await codex.engine.list()).length).toBe(after + 1);
      expect((await codex.engine.status()).exposure?.rows).toEqual([]);
      await stage.end();
    }
  });
});

describe('the Brain', () => {
  test('A11, A12: missing, replaced and back again are each told once, and nothing is saved of what is not there', async () => {
    const codex = createSmallCodex();
    const stage = await stageWatch(codex);
    await stage.pass(2 * minute);
    renameSync(codex.brain, `${codex.brain}.away`);
    await stage.pass(5 * minute);
    expect(stage.kinds().filter((kind) => kind === 'problem')).toHaveLength(1);
    expect(stage.events.find(({ kind }) => kind === 'problem')).toMatchObject({ error: { code: 'brain-missing' } });
    copyFileSync(`${codex.brain}.away`, codex.brain);
    await stage.pass(2 * minute);
    expect(stage.kinds().slice(-2)).toEqual(['replaced', 'solved']);
    expect(await codex.engine.list()).toHaveLength(1);
    await stage.pass(16 * minute);
    expect(await codex.engine.list()).toHaveLength(2);
    await stage.end();
  });

  test('A12: an empty file, and one that is no database, have names of their own', async () => {
    for (const [content, code] of [
      ['', 'brain-empty'],
      ['no database', 'brain-not-sqlite'],
    ] as const) {
      const codex = createSmallCodex();
      const stage = await stageWatch(codex);
      writeFileSync(codex.brain, content);
      await stage.pass(2 * minute);
      expect(stage.events.find(({ kind }) => kind === 'problem')).toMatchObject({ error: { code } });
      await stage.end();
    }
  });

  test('a Brain that another program locks is named, and looked at again when it is free', async () => {
    const codex = createSmallCodex();
    const stage = await stageWatch(codex);
    await stage.pass(2 * minute);
    const writer = await startWriter({ file: codex.brain, journalMode: 'delete', task: 'hold-exclusive' });
    await stage.pass(2 * minute);
    expect(stage.events.findLast(({ kind }) => kind === 'problem')).toMatchObject({ error: { code: 'brain-locked' } });
    await writer.kill();
    await stage.pass(2 * minute);
    expect(stage.kinds().at(-1)).toBe('solved');
    await stage.end();
  });

  test('a Brain that was killed in the middle of writing is saved once, before it starts again', async () => {
    const codex = createSmallCodex({ journalMode: 'delete', bytes: 200_000 });
    const stage = await stageWatch(codex);
    await stage.pass(2 * minute);
    const writer = await startWriter({ file: codex.brain, journalMode: 'delete', task: 'half-commit' });
    await writer.kill();
    expect(existsSync(`${codex.brain}-journal`)).toBe(true);
    await stage.pass(4 * minute);
    expect(stage.events.find(({ kind }) => kind === 'problem')).toMatchObject({ error: { code: 'brain-unclean' } });
    const [newest, ...older] = await codex.engine.list();
    expect(newest).toMatchObject({ trigger: 'change', status: 'verified' });
    expect(newest?.warnings.map(({ code }) => code)).toContain('database-recovered');
    expect(older).toHaveLength(1);
    expect(existsSync(`${codex.brain}-journal`)).toBe(true);
    await stage.end();
  });

  test('one whose unfinished writing has made the file much larger is saved once too, and is not exposed then', async () => {
    const codex = createSmallCodex({ journalMode: 'delete', bytes: 20_000 });
    // An unfinished transaction of this size moves rows to new pages at the end of the file.
    codex.change(`INSERT INTO events (kind, json) SELECT 'TurnAppended', hex(zeroblob(1003)) FROM purse`);
    const stage = await stageWatch(codex);
    await stage.pass(2 * minute);
    const size = statSync(codex.brain).size;
    const writer = await startWriter({ file: codex.brain, journalMode: 'delete', task: 'half-commit' });
    await writer.kill();
    expect(statSync(codex.brain).size - size).toBeGreaterThan(51_200);
    await stage.pass(45 * minute);
    expect(await codex.engine.list()).toHaveLength(2);
    const { state, reasons, exposure } = await codex.engine.status();
    expect(state).toBe('attention');
    expect(reasons).toHaveLength(1);
    expect(exposure?.milliseconds ?? 0).toBe(0);
    codex.change(oneRow);
    await stage.pass(17 * minute);
    expect(await codex.engine.list()).toHaveLength(3);
    await stage.end();
  });

  test('A13: a corrupt Brain is saved as incomplete, backs off, and leaves the last good copy as the baseline', async () => {
    const codex = createSmallCodex({ journalMode: 'delete', bytes: 200_000 });
    const stage = await stageWatch(codex);
    await stage.pass(2 * minute);
    const [good] = await codex.engine.list();
    const fd = openSync(codex.brain, 'r+');
    for (let page = 4; page < 30; page += 3) writeSync(fd, Buffer.alloc(2000, 0xa5), 0, 2000, page * 4096);
    closeSync(fd);
    await stage.pass(32 * minute);
    const [newest] = await codex.engine.list();
    expect(newest?.brain?.integrity).not.toBe('ok');
    expect(newest?.status).toBe('incomplete');
    const corrupt = (await codex.engine.list()).length - 1;
    expect(corrupt).toBeGreaterThanOrEqual(2);
    expect(corrupt).toBeLessThanOrEqual(6);
    const { baseline, state, reasons } = await codex.engine.status();
    expect(baseline).toBe(good?.id);
    expect(state).toBe('unprotected');
    expect(reasons.map(({ message }) => message)).toContain('The newest snapshot is incomplete.');
    expect((await codex.engine.planPrune({ keepLast: 1 })).remove).toEqual([]);
    await stage.end();
  });

  test('growth in the WAL alone is growth, while another program holds it open', async () => {
    const codex = createSmallCodex({ journalMode: 'wal' });
    const stage = await stageWatch(codex);
    await stage.pass(2 * minute);
    const size = statSync(codex.brain).size;
    const writer = await startWriter({
      file: codex.brain,
      journalMode: 'wal',
      task: 'insert',
      ratePerSecond: 200,
      autocheckpoint: false,
    });
    onTestFinished(() => writer.kill());
    while ((await writer.report()).commits < 230) await new Promise(setImmediate);
    process.kill(writer.pid, 'SIGSTOP');
    expect(statSync(codex.brain).size).toBe(size);
    await stage.pass(2 * minute);
    expect(stage.events.find((event) => event.kind === 'begin' && event.trigger === 'growth')).toBeDefined();
    process.kill(writer.pid, 'SIGCONT');
    await writer.stop();
    await stage.end();
  });

  test('looks at a WAL Brain that nobody uses leave no side files beside it', async () => {
    const codex = createSmallCodex({ journalMode: 'wal' });
    const before = readdirSync(join(codex.brain, '..'));
    const stage = await stageWatch(codex);
    await stage.pass(20 * minute);
    expect(readdirSync(join(codex.brain, '..'))).toEqual(before);
    expect(await codex.engine.list()).toHaveLength(1);
    await stage.end();
  });

  test('rows written into freed pages are growth, and so are those after a VACUUM', async () => {
    const codex = createSmallCodex({ ...delayed, bytes: 400_000 });
    const stage = await stageWatch(codex);
    await stage.pass(2 * minute);
    codex.change('DELETE FROM doc_chunks WHERE id > 5');
    await stage.pass(minute);
    const size = lstatSync(codex.brain).size;
    codex.change(grow(60_000));
    expect(lstatSync(codex.brain).size).toBe(size);
    await stage.pass(2 * minute);
    expect((await codex.engine.list())[0]?.trigger).toBe('growth');
    codex.change('VACUUM');
    await stage.pass(2 * minute);
    codex.change(grow(60_000));
    await stage.pass(2 * minute);
    expect((await codex.engine.list()).map(({ trigger }) => trigger)).toEqual(['growth', 'growth', 'change']);
    await stage.end();
  });
});

describe('attempts', () => {
  test('G117: failures back off, leave the baseline, make the state failed, and end with the next success', async () => {
    const codex = createSmallCodex();
    const stage = await stageWatch(codex);
    await stage.pass(2 * minute);
    codex.change(grow(60_000));
    renameSync(join(codex.backups, '.locks'), join(codex.backups, '.locks-away'));
    writeFileSync(join(codex.backups, '.locks'), 'in the way');
    await stage.pass(40 * minute);
    const failures = stage.events.filter(({ kind }) => kind === 'failed');
    expect(failures.length).toBeGreaterThanOrEqual(5);
    expect(failures.length).toBeLessThanOrEqual(6);
    rmSync(join(codex.backups, '.locks'));
    renameSync(join(codex.backups, '.locks-away'), join(codex.backups, '.locks'));
    expect((await codex.engine.status()).state).toBe('failed');
    await stage.pass(31 * minute);
    expect((await codex.engine.list())[0]?.trigger).toBe('growth');
    expect((await codex.engine.status()).state).toBe('protected');
    await stage.end();
  });

  test('a look that meets a restore is skipped, and the watch goes on after it', async () => {
    const codex = createSmallCodex();
    const stage = await stageWatch(codex);
    await stage.pass(2 * minute);
    const folder = join(codex.root, '../.Codex-restores');
    const clock = stage.context.clock;
    const lock = await acquireLock({ folder, name: 'root', mode: 'exclusive', what: 'restore', clock });
    codex.change(grow(60_000));
    await stage.pass(2 * minute);
    expect(stage.kinds().at(-1)).toBe('skipped');
    lock.release();
    await stage.pass(2 * minute);
    expect(stage.kinds().slice(-2)).toEqual(['begin', 'snapshot']);
    await stage.end();
  });

  test('settings are read again at each look, and a damaged file leaves the old ones in force', async () => {
    const codex = createSmallCodex();
    const stage = await stageWatch(codex);
    await stage.pass(2 * minute);
    await codex.engine.changeSetting('watch.thresholdBytes', '4000');
    codex.change(grow(6000));
    await stage.pass(2 * minute);
    expect((await codex.engine.list())[0]?.trigger).toBe('growth');
    writeFileSync(join(codex.home, 'settings.json'), '{');
    codex.change(grow(6000));
    await stage.pass(2 * minute);
    expect(stage.events.find(({ kind }) => kind === 'problem')).toMatchObject({ error: { code: 'settings-invalid' } });
    expect(stage.kinds().filter((kind) => kind === 'snapshot')).toHaveLength(3);
    await stage.end();
  });

  test('growth that another shell has saved is none any more, also before the next look', async () => {
    const codex = createSmallCodex();
    const stage = await stageWatch(codex, Date.now());
    await stage.pass(2 * minute);
    codex.change(grow(40_000));
    await stage.pass(minute);
    const growth = async () => (await codex.engine.status()).watcher?.growthBytes;
    expect(await growth()).toBeGreaterThan(39_000);
    await codex.engine.run({ trigger: 'manual' });
    expect(await growth()).toBe(0);
    await stage.end();
  });

  test('a snapshot of another shell is the new baseline', async () => {
    const codex = createSmallCodex();
    const stage = await stageWatch(codex, Date.now());
    await stage.pass(2 * minute);
    codex.change(grow(40_000));
    await stage.pass(minute);
    await codex.engine.run({ trigger: 'manual' });
    codex.change(grow(40_000));
    await stage.pass(3 * minute);
    expect((await codex.engine.list()).map(({ trigger }) => trigger)).toEqual(['manual', 'change']);
    await stage.end();
  });

  test('a watcher that starts anew goes on from what the last one had seen', async () => {
    const codex = createSmallCodex();
    const stage = await stageWatch(codex);
    await stage.pass(2 * minute);
    codex.change(oneRow);
    await stage.pass(10 * minute);
    await stage.end();
    const next = await stageWatch(codex, stage.now());
    await next.pass(6 * minute);
    expect(next.kinds()).toContain('snapshot');
    await next.end();
  });
});
