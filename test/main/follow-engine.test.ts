import { describe, expect, onTestFinished, test } from 'vitest';
import type { AppView } from '../../src/main/app-view.ts';
import { followEngine } from '../../src/main/follow-engine.ts';
import { AppError } from '../../src/shared/app-error.ts';
import type { JobState } from '../../src/shared/protocol/jobs.ts';
import { createSnapshot } from '../cli/support/memory-engine.ts';
import { createMemoryHost, openWindow } from '../engine-host/memory-host.ts';

const snapshot = createSnapshot();
const status = async () => ({ state: 'protected', reasons: [], snapshots: 1 }) as never;
const restores = async () => [];
const patient = { timeout: 10_000, interval: 20 };

describe('what main knows of the engine', () => {
  test('is asked for once it answers: state, snapshots and what to tell', async () => {
    const { host } = await createMemoryHost({ status, restores, list: async () => [snapshot] });
    const defects: unknown[] = [];
    const follower = followEngine(openWindow(host), (error) => defects.push(error));
    expect(follower.view().status).toBeNull();
    await expect.poll(() => follower.view().status?.state, patient).toBe('protected');
    await expect.poll(() => follower.view().snapshots?.map(({ id }) => id), patient).toEqual([snapshot.id]);
    expect(defects).toEqual([]);
  });

  test('is why there is no state, where there is none', async () => {
    const { host } = await createMemoryHost({
      restores,
      status: async () => {
        throw new AppError('root-unset', 'No Codex folder is named.', { hint: 'Choose one.' });
      },
    });
    const follower = followEngine(openWindow(host), () => undefined);
    await expect.poll(() => follower.view().error?.code, patient).toBe('root-unset');
    expect(follower.view().snapshots).toBeNull();
  });

  test('is asked for again while nobody watches here: what is unsaved grows old', async () => {
    let asked = 0;
    const { host } = await createMemoryHost({
      restores,
      list: async () => [],
      status: async () => {
        asked += 1;
        return { state: asked > 2 ? 'unprotected' : 'protected', reasons: [], snapshots: 1 } as never;
      },
    });
    const follower = followEngine(openWindow(host), () => undefined, 20);
    await expect.poll(() => follower.view().status?.state, patient).toBe('unprotected');
  });

  test('are the jobs that run, and how each has ended', async () => {
    const work = Promise.withResolvers<typeof snapshot>();
    const { host } = await createMemoryHost({ status, restores, list: async () => [], run: () => work.promise });
    const window = openWindow(host);
    const follower = followEngine(window, () => undefined);
    const ended: JobState[] = [];
    follower.onJobEnd((job) => ended.push(job));
    await window.call('start', { job: { kind: 'backUp' } });
    await expect.poll(() => follower.view().jobs.map(({ kind }) => kind), patient).toEqual(['backUp']);
    work.resolve(snapshot);
    await expect.poll(() => ended.map(({ kind, state }) => [kind, state]), patient).toEqual([['backUp', 'done']]);
    expect(follower.view().jobs).toEqual([]);
  });

  test('is that it was lost, with the jobs that ended with it', async () => {
    const work = Promise.withResolvers<typeof snapshot>();
    const { host } = await createMemoryHost({
      status,
      restores,
      list: async () => [],
      run: () => work.promise,
    });
    // The host waits for it when it is closed.
    onTestFinished(() => work.resolve(snapshot));
    const window = openWindow(host);
    const follower = followEngine(window, () => undefined);
    await window.call('start', { job: { kind: 'backUp' } });
    await expect.poll(() => follower.view().jobs, patient).toHaveLength(1);
    const seen: AppView[] = [];
    follower.onChange((view) => seen.push(view));
    expect(follower.engineLost('it ended with 9').map(({ kind }) => kind)).toEqual(['backUp']);
    expect(seen).toMatchObject([{ engineProblem: 'it ended with 9', jobs: [] }]);
  });
});
