import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createContext } from '../../../src/engine/context.ts';
import { BackgroundCopies } from '../../../src/engine/copies/background-copies.ts';
import type { CopyWork } from '../../../src/engine/engine.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import type { ProgressEvent } from '../../../src/shared/progress.ts';
import type { WatchEvent } from '../../../src/shared/watch-events.ts';
import { createSmallCodex } from '../../helpers/small-codex.ts';
import { stageWatch, type WatchStage } from '../../helpers/watch-stage.ts';

const minute = 60_000;
type Copied = Extract<WatchEvent, { readonly kind: 'copied' | 'copy-failed' }>;

const copiedIn = ({ events }: WatchStage): readonly Copied[] =>
  events.filter((event): event is Copied => event.kind === 'copied' || event.kind === 'copy-failed');

const untilCopied = (stage: WatchStage, count: number) =>
  vi.waitFor(() => expect(copiedIn(stage).length).toBeGreaterThanOrEqual(count), { timeout: 20_000, interval: 20 });

const oneRow = "INSERT INTO events (kind) VALUES ('TurnAppended')";

test('a watcher brings a copy up to date after each snapshot, waits for a disk that is away, and never fails by it', async () => {
  const codex = createSmallCodex();
  const { engine, backups } = codex;
  const disk = join(dirname(codex.root), 'disk');
  mkdirSync(disk);
  await engine.run({ trigger: 'manual' });
  await engine.changeSetting('copies', JSON.stringify([{ name: 'disk', kind: 'folder', path: disk }]));
  await engine.copy('disk');
  const stage = await stageWatch(codex, Date.now());
  const save = async (): Promise<void> => {
    codex.change(oneRow);
    await stage.pass(17 * minute);
  };
  await save();
  await untilCopied(stage, 1);
  expect(copiedIn(stage)[0]).toMatchObject({ kind: 'copied', copy: 'disk', snapshots: 1, isSafeToRemove: true });
  expect((await engine.status()).copies[0]).toMatchObject({ state: 'in step', snapshots: 2 });

  renameSync(disk, `${disk}-unplugged`);
  mkdirSync(disk);
  await save();
  await stage.pass(2 * minute);
  expect(copiedIn(stage)).toHaveLength(1);
  expect(readdirSync(disk)).toEqual([]);
  const away = await engine.status();
  expect(away.copies[0]).toMatchObject({ state: 'not there' });
  expect(away.reasons.map(({ code }) => code)).not.toContain('copy-failing');

  renameSync(disk, `${disk}-empty`);
  renameSync(`${disk}-unplugged`, disk);
  await stage.pass(minute);
  await untilCopied(stage, 2);
  expect(copiedIn(stage)[1]).toMatchObject({ kind: 'copied', snapshots: 1, isSafeToRemove: true });
  await stage.end();
  const names = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('codex-backup-'));
  expect(names(disk)).toEqual(names(backups));
  expect(names(backups)).toHaveLength(3);
  expect((await engine.activity()).filter(({ kind, ok }) => kind === 'snapshot' && !ok)).toEqual([]);
});

test('what fails is told once, and shown as the cause, while snapshots go on', async () => {
  const codex = createSmallCodex();
  const { engine } = codex;
  const disk = join(dirname(codex.root), 'disk');
  mkdirSync(disk);
  await engine.run({ trigger: 'manual' });
  await engine.changeSetting('copies', JSON.stringify([{ name: 'disk', kind: 'folder', path: disk }]));
  await engine.copy('disk');
  // A rule that would keep no snapshot at all.
  const settings = [{ name: 'disk', kind: 'folder', path: disk, retention: { maxBytes: 1 } }];
  await engine.changeSetting('copies', JSON.stringify(settings));
  const stage = await stageWatch(codex, Date.now());
  codex.change(oneRow);
  await stage.pass(17 * minute);
  await untilCopied(stage, 1);
  codex.change(oneRow);
  await stage.pass(20 * minute);
  await stage.end();
  expect(copiedIn(stage)).toMatchObject([{ kind: 'copy-failed', error: { code: 'retention-keeps-nothing' } }]);
  const { reasons, copies, snapshots } = await engine.status();
  expect(snapshots).toBe(3);
  expect(copies[0]).toMatchObject({ state: 'failing', error: { code: 'retention-keeps-nothing' } });
  expect(reasons.map(({ code }) => code)).toContain('copy-failing');
  expect((await engine.activity()).filter(({ kind, ok }) => kind === 'copy' && !ok)).toHaveLength(1);
});

test('who carries a copy out sees its progress and may break it off; it then rests for an hour, or until its disk is connected again', async () => {
  const codex = createSmallCodex();
  const { engine } = codex;
  const disk = join(dirname(codex.root), 'disk');
  mkdirSync(disk);
  await engine.run({ trigger: 'manual' });
  await engine.changeSetting('copies', JSON.stringify([{ name: 'disk', kind: 'folder', path: disk }]));
  await engine.copy('disk');
  const carried: string[] = [];
  const progress: ProgressEvent[] = [];
  const breakOff = AbortSignal.abort(new AppError('cancelled', 'Cancelled.', {}));
  const carryCopy = (name: string, work: CopyWork) => {
    const onProgress = (event: ProgressEvent) => progress.push(event);
    return work(carried.length < 2 ? { signal: breakOff } : { onProgress }).finally(() => carried.push(name));
  };
  const untilCarried = (times: number) =>
    vi.waitFor(() => expect(carried).toHaveLength(times), { timeout: 20_000, interval: 20 });
  const stage = await stageWatch(codex, Date.now(), { carryCopy });
  codex.change(oneRow);
  await stage.pass(17 * minute);
  await untilCarried(1);
  await stage.pass(30 * minute);
  expect(carried).toEqual(['disk']);
  expect((await engine.status()).copies[0]).toMatchObject({ state: 'behind', error: null });

  await stage.pass(40 * minute);
  await untilCarried(2);
  renameSync(disk, `${disk}-unplugged`);
  await stage.pass(2 * minute);
  renameSync(`${disk}-unplugged`, disk);
  await stage.pass(2 * minute);
  await untilCopied(stage, 1);
  await stage.end();
  expect(carried).toEqual(['disk', 'disk', 'disk']);
  expect(copiedIn(stage)).toMatchObject([{ kind: 'copied', copy: 'disk', snapshots: 1 }]);
  expect(progress).toContainEqual(expect.objectContaining({ phase: 'copy', unit: 'bytes' }));
});

test('a folder that does not answer is left alone, and the others are brought up to date', async () => {
  const codex = createSmallCodex();
  const { engine } = codex;
  const folders = ['dead', 'disk'].map((name) => join(dirname(codex.root), name));
  for (const folder of folders) mkdirSync(folder);
  await engine.run({ trigger: 'manual' });
  const settings = folders.map((path) => ({ name: basename(path), kind: 'folder', path }));
  await engine.changeSetting('copies', JSON.stringify(settings));
  const asked: string[] = [];
  const copied: string[] = [];
  for (const { name } of settings) await engine.copy(name);
  await engine.run({ trigger: 'manual' });
  const keeper = new BackgroundCopies(
    {
      copy: async (_, name) => {
        copied.push(name);
        return engine.copy(name);
      },
      check: async () => null,
      snapshotNames: (backups) => readdirSync(backups).filter((name) => name.startsWith('codex-backup-')),
      answers: async (path) => {
        asked.push(path);
        return path !== folders[0];
      },
    },
    () => undefined,
  );
  const { root, home } = codex;
  await keeper.begin(createContext({ root, home, env: {}, clock: { now: () => Date.now() }, logger: silentLogger }));
  await vi.waitFor(() => expect(copied).toEqual(['disk']), { timeout: 20_000, interval: 20 });
  await keeper.stop();
  expect(asked).toEqual(folders);
});
