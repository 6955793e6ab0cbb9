import { EventEmitter } from 'node:events';
import type { App } from 'electron';
import { describe, expect, test } from 'vitest';
import { type AppView, emptyView } from '../../src/main/app-view.ts';
import { setUpQuit } from '../../src/main/quit.ts';
import type { JobState } from '../../src/shared/protocol/jobs.ts';
import { createJob, createStatus } from './support/views.ts';

/** An app that quits as Electron's does: unless `before-quit` is prevented. */
class QuittingApp extends EventEmitter {
  hasQuit = false;

  quit(): void {
    let isPrevented = false;
    this.emit('before-quit', {
      preventDefault: () => {
        isPrevented = true;
      },
    });
    this.hasQuit ||= !isPrevented;
  }
}

function stage(jobs: readonly JobState[]) {
  const app = new QuittingApp();
  const listeners: ((view: AppView) => void)[] = [];
  const log: string[] = [];
  const ended = Promise.withResolvers<void>();
  let view: AppView = { ...emptyView, jobs };
  const silent = () => undefined;
  const { endSafely } = setUpQuit({
    app: app as unknown as App,
    follower: { view: () => view, onChange: (listener) => void listeners.push(listener) },
    engine: {
      end: async () => {
        log.push('the engine is asked to end');
        await ended.promise;
      },
    },
    log: { info: silent, warn: silent, error: silent },
    tellWaiting: () => log.push('told'),
    onEnd: () => log.push('the icon is gone'),
  });
  return {
    app,
    log,
    endSafely,
    engineEnds: async () => {
      ended.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    },
    change: (next: readonly JobState[], others: Partial<AppView> = {}) => {
      view = { ...view, ...others, jobs: next };
      for (const listener of listeners) listener(view);
    },
  };
}

describe('quitting', () => {
  test('waits until the engine has cancelled what it does, and has ended', async () => {
    const { app, log, engineEnds } = stage([createJob()]);
    app.quit();
    app.quit();
    expect(app.hasQuit).toBe(false);
    expect(log).toEqual(['the icon is gone', 'the engine is asked to end']);
    await engineEnds();
    expect(app.hasQuit).toBe(true);
  });

  test('never breaks off a restore: it waits, says so, and ends by itself', async () => {
    const { app, log, engineEnds, change } = stage([createJob({ kind: 'restore' })]);
    app.quit();
    expect(log).toEqual(['told']);
    change([createJob({ kind: 'restore' })]);
    expect(log).toEqual(['told']);
    change([]);
    expect(log).toEqual(['told', 'the icon is gone', 'the engine is asked to end']);
    await engineEnds();
    expect(app.hasQuit).toBe(true);
  });

  test('waits for a restore whose engine was lost until it has been recovered, unless it is asked again', () => {
    const lose = (): ReturnType<typeof stage> => {
      const staged = stage([createJob({ kind: 'restore' })]);
      staged.app.quit();
      staged.change([], { engineProblem: 'it ended with 9' });
      staged.change([], { engineProblem: null, status: createStatus({ interrupted: ['restore-1'] }) });
      expect(staged.log).toEqual(['told']);
      return staged;
    };
    const recovered = lose();
    recovered.change([createJob({ kind: 'recover' })]);
    recovered.change([], { status: createStatus() });
    expect(recovered.log).toContain('the engine is asked to end');
    const given = lose();
    given.app.quit();
    expect(given.log).toContain('the engine is asked to end');
  });

  test('at a shutdown goes the same way', async () => {
    const { app, endSafely, engineEnds } = stage([]);
    endSafely();
    endSafely();
    await engineEnds();
    expect(app.hasQuit).toBe(true);
  });

  test('is not what closing the last window means', () => {
    const { app } = stage([]);
    expect(app.listenerCount('window-all-closed')).toBe(1);
  });
});
