import { expect, test } from 'vitest';
import { AppError } from '../../src/shared/app-error.ts';
import type { RestorePlan, RestoreReport } from '../../src/shared/restore-plan.ts';
import type { WatchEvent } from '../../src/shared/watch-events.ts';
import { createSnapshot } from '../cli/support/memory-engine.ts';
import { createMemoryHost, openWindow, untilTold } from './memory-host.ts';

const snapshot = createSnapshot({ id: 'codex-backup-2025-11-22T03-35-57-396Z' });
const { id } = snapshot;

const plan: RestorePlan = {
  what: 'restore',
  source: id,
  root: '/Codex',
  scope: 'all',
  paths: [],
  databases: [],
  code: null,
  space: { neededBytes: 1, freeBytes: 2 },
  steps: [{ step: 'stop', text: 'Stop', commands: [{ command: ['npm', 'run', 'stop'], folder: '', reasons: [] }] }],
  warnings: [],
};
const report: RestoreReport = {
  id: 'restore-1',
  plan,
  safety: null,
  replaced: null,
  startProblem: null,
  health: [],
  durationMs: 1,
  warnings: [],
};

test('a job is cancelled once it is asked to, and ends as cancelled', async () => {
  const { host } = await createMemoryHost({
    verify: (_ids, options) =>
      new Promise((_, reject) => options?.signal?.addEventListener('abort', () => reject(options.signal?.reason))),
  });
  const window = openWindow(host);
  const job = await window.call('start', { job: { kind: 'verify', ids: [] } });
  expect(await window.call('cancelJob', { id: job.id })).toMatchObject({ isCancelling: true, canCancel: false });
  const end = await untilTold(window, 'job', ({ job: { state } }) => state !== 'running');
  expect(end.job).toMatchObject({ state: 'cancelled', error: null, canCancel: false });
  expect((await window.call('job', { id: job.id })).job.state).toBe('cancelled');
});

test('a snapshot that would block the Brain asks every window, and goes by the answer', async () => {
  const { host } = await createMemoryHost({
    run: async ({ confirmHold }) => {
      if (await confirmHold?.(1500)) return snapshot;
      throw new AppError('brain-hold-too-long', 'It would take too long.');
    },
  });
  const window = openWindow(host);
  for (const yes of [true, false]) {
    const { id: job } = await window.call('start', { job: { kind: 'backUp' } });
    const asking = await untilTold(window, 'job', (event) => event.job.id === job && event.job.question !== null);
    expect(asking.job.question).toEqual({ kind: 'hold', predictedMs: 1500 });
    await window.call('answerJob', { id: job, yes });
    const end = await untilTold(window, 'job', (event) => event.job.id === job && event.job.state !== 'running');
    expect(end.job.state).toBe(yes ? 'done' : 'failed');
  }
});

test('a restore carries out the plan that was shown, tells its output line by line, and no other plan', async () => {
  let now = plan;
  const { host } = await createMemoryHost({
    planRestore: async () => plan,
    restore: async (_reference, options) => {
      await options?.approve?.(now);
      options?.onOutput?.({ command: ['npm', 'run', 'stop'], folder: '', text: 'half a ' });
      options?.onOutput?.({ command: ['npm', 'run', 'stop'], folder: '', text: 'line\n<img src=x>\nrest' });
      return report;
    },
  });
  const window = openWindow(host);
  const offer = await window.call('planRestore', { id });
  const job = await window.call('start', { job: { kind: 'restore', plan: offer.ticket } });
  const end = await untilTold(window, 'job', ({ job: { state } }) => state !== 'running');
  expect(end.job).toMatchObject({ state: 'done', result: { kind: 'restore', report: { id: 'restore-1' } } });
  const { output } = await window.call('job', { id: job.id });
  expect(output.map(({ number, text }) => [number, text])).toEqual([
    [1, 'half a line'],
    [2, '<img src=x>'],
    [3, 'rest'],
  ]);

  now = {
    ...plan,
    steps: [{ step: 'stop', text: 'Stop', commands: [{ command: ['rm', '-rf'], folder: '', reasons: [] }] }],
  };
  const second = await window.call('start', { job: { kind: 'restore', plan: offer.ticket } });
  const refused = await untilTold(
    window,
    'job',
    (event) => event.job.id === second.id && event.job.state !== 'running',
  );
  expect(refused.job.error).toMatchObject({ code: 'restore-refused', details: { isPlanOld: true } });
  const unknown = window.call('start', { job: { kind: 'restore', plan: 'x'.repeat(32) } });
  await expect(unknown).rejects.toMatchObject({ code: 'usage' });
});

test('a snapshot that the watcher takes is a job, and a click joins it; another watcher is named', async () => {
  const told = Promise.withResolvers<(event: WatchEvent) => void>();
  const at = new Date().toISOString();
  const { host } = await createMemoryHost(
    {
      watch: ({ onEvent, signal }) => {
        told.resolve(onEvent);
        onEvent({ at, kind: 'started', root: '/Codex', backups: '/b', intervalSeconds: 60 });
        return new Promise((resolve) =>
          signal.addEventListener('abort', () =>
            resolve({ startedAt: at, endedAt: at, looks: 0, snapshots: [], failures: 0 }),
          ),
        );
      },
    },
    { watches: true },
  );
  const window = openWindow(host);
  const tell = await told.promise;
  tell({ at, kind: 'begin', trigger: 'growth', why: 'it has grown' });
  const begun = await untilTold(window, 'job');
  expect(begun.job).toMatchObject({ by: 'watcher', trigger: 'growth', state: 'running', canCancel: false });
  expect((await window.call('start', { job: { kind: 'backUp' } })).id).toBe(begun.job.id);
  tell({ at, kind: 'snapshot', snapshot });
  const end = await untilTold(window, 'job', ({ job }) => job.state === 'done');
  expect(end.job.result).toMatchObject({ kind: 'backUp' });
});

test('F102: folders are named by tickets that choosing uses up, and never by path', async () => {
  const chosen: string[] = [];
  const where = async () => ({ root: '/Codex', backups: '/b', home: '/h', error: null });
  const { host } = await createMemoryHost({
    listFolders: async (path = '/home/me') => ({
      path,
      parent: '/home',
      places: [],
      entries: [{ name: 'Codex', path: `${path}/Codex`, isCodex: true }],
      isCut: false,
    }),
    where,
    findRoots: async () => [],
    doctor: async () => ({ findings: [], coverage: { services: [], scripts: [], files: [], databases: [] } }),
    list: async () => [],
    changeSetting: async (key, text) => {
      chosen.push(`${key} ${text}`);
      return (await import('../../src/shared/settings.ts')).settingsSchema.parse({});
    },
  });
  const window = openWindow(host);
  const [entry] = (await window.call('folders', {})).entries;
  const folder = entry?.folder ?? '';
  expect(folder).not.toContain('/');
  expect((await window.call('folders', { folder })).path).toBe('/home/me/Codex');
  await window.call('chooseRoot', { folder });
  expect(chosen).toEqual(['root /home/me/Codex']);
  await expect(window.call('chooseRoot', { folder })).rejects.toMatchObject({ code: 'usage' });
  await expect(window.call('chooseRoot', { folder: '/home/me/Codex' })).rejects.toMatchObject({ code: 'usage' });
});

test('windows hear that another process has changed something', async () => {
  let snapshots = 'one';
  const stamps = async () => ({ snapshots, locks: '', settings: '', restores: '' });
  const { host } = await createMemoryHost({ stamps }, { pollMs: 10 });
  const window = openWindow(host);
  const asked = Promise.withResolvers<void>();
  setTimeout(asked.resolve, 30);
  await asked.promise;
  snapshots = 'two';
  await untilTold(window, 'snapshotsChanged');
  await untilTold(window, 'statusChanged');
});
