import { expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import type { PanelHost } from '../../src/engine-host/create-host.ts';
import { AppError } from '../../src/shared/app-error.ts';
import type { Carrier } from '../../src/shared/protocol/channel.ts';
import { type CallSignal, createClient, type PanelClient } from '../../src/shared/protocol/client.ts';
import type { PanelEvent } from '../../src/shared/protocol/events.ts';
import { createSnapshot } from '../cli/support/memory-engine.ts';
import { createMemoryHost, untilTold } from '../engine-host/memory-host.ts';

/** Opens one window more on a host. */
export type OpenCarrier = (host: PanelHost) => Promise<Carrier>;

const snapshot = createSnapshot({ id: 'codex-backup-2025-11-22T03-35-57-396Z' });

/** What every carrier between windows and a host has to do. */
export function testCarrier(name: string, prepare: (host: PanelHost) => Promise<OpenCarrier>): void {
  const setUp = async (answers: Partial<Engine> = {}) => {
    const { host, defects } = await createMemoryHost(answers);
    const open = await prepare(host);
    const openWindow = async (): Promise<PanelClient & { readonly told: PanelEvent[] }> => {
      const client = createClient(await open(host));
      const told: PanelEvent[] = [];
      client.onEvent((event) => told.push(event));
      onTestFinished(() => client.close());
      return Object.assign(client, { told });
    };
    return { host, defects, openWindow };
  };

  test(`${name}: a call is answered, and many at once each get their own answer`, async () => {
    const { openWindow } = await setUp({
      preview: async (_, path) => ({ path, bytes: 1, kind: 'text', text: path, isCut: false }),
    });
    const window = await openWindow();
    const names = Array.from({ length: 30 }, (_, index) => `folder/ä ${index} \u2028 <b>`);
    const answers = await Promise.all(names.map((path) => window.call('preview', { id: snapshot.id, path })));
    expect(answers.map(({ text }) => text)).toEqual(names);
  });

  test(`${name}: an error arrives with its code, hint and details; a defect without its stack, which the log gets`, async () => {
    const { openWindow, defects } = await setUp({
      show: async () => {
        throw new AppError('disk-full', 'The disk is full.', { hint: 'Free some.', details: { freeBytes: 12 } });
      },
      doctor: async () => {
        throw new TypeError('a defect');
      },
    });
    const window = await openWindow();
    const refused = window.call('snapshot', { id: snapshot.id });
    await expect(refused).rejects.toMatchObject({ code: 'disk-full', hint: 'Free some.', details: { freeBytes: 12 } });
    await expect(window.call('doctor', {})).rejects.toMatchObject({ code: 'bug', details: {} });
    expect(defects.join()).toContain('TypeError: a defect');
  });

  test(`${name}: a call that nobody waits for any more is broken off in the engine`, async () => {
    const broken = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const { openWindow } = await setUp({
      diff: (_from, _to, options) => {
        options?.signal?.addEventListener('abort', () => broken.resolve());
        begun.resolve();
        return new Promise(() => undefined);
      },
    });
    const window = await openWindow();
    const controller = new AbortController();
    const signal: CallSignal = controller.signal;
    const call = window.call('diff', { from: snapshot.id, to: 'now' }, { signal });
    await begun.promise;
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    await broken.promise;
  });

  test(`${name}: every window hears of a job, a late one sees it running, and a second click joins it`, async () => {
    const work = Promise.withResolvers<typeof snapshot>();
    let runs = 0;
    const { openWindow } = await setUp({
      run: ({ onProgress }) => {
        runs += 1;
        onProgress?.({ phase: 'code', done: 42, total: 100, unit: 'files' });
        return work.promise;
      },
    });
    const [first, second] = [await openWindow(), await openWindow()];
    // The progress is told once, to the windows that are served by then.
    await second.call('about', {}).catch(() => undefined);
    const job = await first.call('start', { job: { kind: 'backUp' } });
    await untilTold(second, 'job', ({ job: { progress } }) => progress?.done === 42);
    const late = await openWindow();
    const joined = await late.call('start', { job: { kind: 'backUp' } });
    expect(joined).toMatchObject({ id: job.id, state: 'running', progress: { phase: 'code', done: 42 } });
    work.resolve(snapshot);
    const end = await untilTold(late, 'job', ({ job: { state } }) => state !== 'running');
    expect(end.job).toMatchObject({ state: 'done', result: { kind: 'backUp', snapshot: { id: snapshot.id } } });
    expect(runs).toBe(1);
  });

  test(`${name}: a call with a wrong payload is refused, and does nothing`, async () => {
    const { openWindow } = await setUp();
    const window = await openWindow();
    const wrong = { id: '../../etc', pinned: true };
    await expect(window.call('pin', wrong)).rejects.toMatchObject({ code: 'usage' });
    await expect(window.call('toString' as 'about', {})).rejects.toMatchObject({ code: 'usage' });
  });

  test(`${name}: when the host ends, windows are told, and calls fail as lost`, async () => {
    const { host, openWindow } = await setUp({ doctor: () => new Promise(() => undefined) });
    const window = await openWindow();
    await window.call('about', {}).catch(() => undefined);
    const pending = window.call('doctor', {});
    pending.catch(() => undefined);
    await Promise.all([untilTold(window, 'closing'), host.close()]);
    await expect(pending).rejects.toMatchObject({ code: 'connection-lost' });
    await expect(window.call('about', {})).rejects.toMatchObject({ code: 'connection-lost' });
  });
}
