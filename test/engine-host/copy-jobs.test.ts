import { expect, test } from 'vitest';
import type { Engine, WatchOptions } from '../../src/engine/engine.ts';
import { AppError } from '../../src/shared/app-error.ts';
import type { CopyReport } from '../../src/shared/copies.ts';
import { settingsSchema } from '../../src/shared/settings.ts';
import { createSnapshot } from '../cli/support/memory-engine.ts';
import { createMemoryHost, openWindow, untilTold } from './memory-host.ts';

const report: CopyReport = {
  name: 'disk',
  place: '/disk',
  added: [],
  removed: [],
  sentBytes: 1,
  linkedBytes: 0,
  snapshots: 1,
  leftOut: [],
  durationMs: 1,
  isSafeToRemove: true,
};

/** A host that watches, with a window, and how its watcher has a copy carried out. */
async function watchedHost(answers: Partial<Engine> = {}) {
  const watching = Promise.withResolvers<Required<Pick<WatchOptions, 'carryCopy'>>['carryCopy']>();
  const at = new Date().toISOString();
  const { host } = await createMemoryHost(
    {
      ...answers,
      watch: ({ carryCopy, signal }) => {
        if (carryCopy !== undefined) watching.resolve(carryCopy);
        const summary = { startedAt: at, endedAt: at, looks: 0, snapshots: [], failures: 0 };
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve(summary)));
      },
    },
    { watches: true },
  );
  return { window: openWindow(host), carryCopy: await watching.promise };
}

test('a copy that the watcher brings up to date is a job with progress, and a click joins it', async () => {
  const { window, carryCopy } = await watchedHost();
  const work = Promise.withResolvers<CopyReport>();
  const carried = carryCopy('disk', ({ onProgress }) => {
    onProgress?.({ phase: 'copy', done: 4, total: 10, unit: 'bytes' });
    return work.promise;
  });
  const begun = await untilTold(window, 'job', ({ job }) => job.progress !== null);
  expect(begun.job).toMatchObject({
    kind: 'copy',
    copy: 'disk',
    by: 'watcher',
    canCancel: true,
    progress: { done: 4 },
  });
  expect((await window.call('start', { job: { kind: 'copy', name: 'disk' } })).id).toBe(begun.job.id);
  work.resolve(report);
  expect(await carried).toEqual(report);
  const end = await untilTold(window, 'job', ({ job }) => job.state !== 'running');
  expect(end.job).toMatchObject({ state: 'done', result: { kind: 'copy', report } });
});

test('a copy of the watcher is cancelled as a job, and the watcher hears of it', async () => {
  const { window, carryCopy } = await watchedHost();
  const carried = carryCopy(
    'disk',
    ({ signal }) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  );
  const { job } = await untilTold(window, 'job');
  await window.call('cancelJob', { id: job.id });
  await expect(carried).rejects.toMatchObject({ code: 'cancelled' });
  const end = await untilTold(window, 'job', (event) => event.job.state !== 'running');
  expect(end.job).toMatchObject({ state: 'cancelled', error: null });
});

test('a copy that the watcher itself breaks off ends as cancelled, not as failed', async () => {
  const { window, carryCopy } = await watchedHost();
  const cancelled = new AppError('cancelled', 'The watch was ended.', {});
  await expect(carryCopy('disk', () => Promise.reject(cancelled))).rejects.toBe(cancelled);
  const end = await untilTold(window, 'job', ({ job }) => job.state !== 'running');
  expect(end.job.state).toBe('cancelled');
});

test('while a user copies to it, the watcher leaves the copy alone', async () => {
  const copying = Promise.withResolvers<CopyReport>();
  const { window, carryCopy } = await watchedHost({ copy: () => copying.promise });
  await window.call('start', { job: { kind: 'copy', name: 'disk' } });
  const carried = carryCopy('disk', () => Promise.reject(new Error('It was begun twice')));
  await expect(carried).rejects.toMatchObject({ code: 'busy' });
  copying.resolve(report);
  const end = await untilTold(window, 'job', ({ job }) => job.state !== 'running');
  expect(end.job).toMatchObject({ by: 'user', state: 'done' });
});

test('any snapshot of a copy is listed and brought back, and only the schedule of that copy changes', async () => {
  const newer = createSnapshot({ id: 'codex-backup-2025-11-22T03-35-57-396Z' });
  const older = createSnapshot({ id: 'codex-backup-2025-11-21T03-35-57-396Z', note: 'before the move' });
  const asked: unknown[] = [];
  let settings = settingsSchema.parse({
    copies: [
      { name: 'disk', kind: 'folder', path: '/disk', retention: { keepDaily: 3 } },
      { name: 'cloud', kind: 'rclone', remote: 'vault:codex' },
    ],
  });
  const [disk, cloud] = settings.copies;
  const { host } = await createMemoryHost({
    listCopy: async () => [newer, older],
    fetchSnapshot: async (name, id) => {
      asked.push([name, id]);
      return older;
    },
    settings: async () => ({ file: '/settings.json', settings }),
    where: async () => ({ home: '/home', root: '/Codex', backups: '/b', error: null }),
    changeSetting: async (key, text) => {
      settings = settingsSchema.parse({ [key]: JSON.parse(text ?? '[]') });
      return settings;
    },
  });
  const window = openWindow(host);
  const held = await window.call('copySnapshots', { name: 'disk' });
  expect(held.map(({ id, note }) => [id, note])).toEqual([
    [newer.id, newer.note],
    [older.id, 'before the move'],
  ]);
  expect(held[0]).not.toHaveProperty('path');
  await window.call('start', { job: { kind: 'fetchCopy', name: 'disk', id: older.id } });
  const end = await untilTold(window, 'job', ({ job }) => job.state !== 'running');
  expect(end.job).toMatchObject({ copy: 'disk', ids: [older.id], result: { kind: 'fetchCopy' } });
  expect(asked).toEqual([['disk', older.id]]);

  const shown = await window.call('changeCopySchedule', { name: 'disk', schedule: 'daily' });
  expect(shown.settings.copies).toEqual([{ ...disk, schedule: 'daily' }, cloud]);
});
