import type { Engine } from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { Channel } from '../shared/protocol/channel.ts';
import { dispatch } from '../shared/protocol/dispatch.ts';
import type { PanelEvent } from '../shared/protocol/events.ts';
import { type ServedChannel, serveChannel } from '../shared/protocol/serve-channel.ts';
import { createCopyCalls } from './copy-calls.ts';
import { followChanges } from './follow-changes.ts';
import type { HostCalls } from './host-calls.ts';
import type { EnginePlace, HostOptions } from './host-options.ts';
import { createTicketStores, type HostState, type OfferedFile, redeem } from './host-state.ts';
import { createJobCalls } from './job-calls.ts';
import { createJobRegistry } from './job-registry.ts';
import { createRateLimit } from './rate-limit.ts';
import { createRestoreCalls } from './restore-calls.ts';
import { createSetUpCalls } from './set-up-calls.ts';
import { createSnapshotCalls } from './snapshot-calls.ts';
import { createStatusCalls } from './status-calls.ts';
import { keepWatching } from './watch-jobs.ts';
import type { WatchKeeper } from './watch-keeper.ts';

/** An engine with everything that windows need of it, for as long as a shell runs. */
export interface PanelHost {
  /** Serves one window more. */
  serve(channel: Channel): void;
  /** The file behind a ticket of `download`, which is used up by it. */
  openDownload(ticket: string): Promise<OfferedFile & { readonly content: AsyncIterable<Uint8Array> }>;
  /** The ticket of a folder that the user has chosen in a dialog of the system. */
  offerFolder(path: string): string;
  /** The machine has slept: looks at once at what is due. */
  wake(): void;
  /** Cancels what runs, waits for it, and tells every window. */
  close(): Promise<void>;
}

const usualPollMs = 2000;

export async function createHost(options: HostOptions): Promise<PanelHost> {
  const { logger, now } = options;
  const windows = new Set<ServedChannel>();
  const tell = (event: PanelEvent): void => {
    for (const window of windows) window.tell(event);
  };
  const onDefect = (error: unknown): void => logger.error(error instanceof Error ? `${error.stack}` : String(error));
  const engines = await createEngines(options);
  const jobs = createJobRegistry({ now, tell, onDefect, onEnd: () => tellAll(tell) });
  let keeper: WatchKeeper | undefined;
  const state: HostState = {
    options,
    jobs,
    keeper: () => keeper,
    ...createTicketStores(options),
    engine: engines.current,
    isSample: engines.isSample,
    move: async (place, isSample) => {
      await engines.move(place, isSample);
      await keeper?.restart();
      tellAll(tell);
    },
    tell,
  };
  const calls: HostCalls = {
    ...createStatusCalls(state),
    ...createSnapshotCalls(state),
    ...createJobCalls(state),
    ...createRestoreCalls(state),
    ...createSetUpCalls(state),
    ...createCopyCalls(state),
  };
  if (options.watches) keeper = keepWatching(state);
  const follower = followChanges({
    engine: engines.current,
    everyMs: options.pollMs ?? usualPollMs,
    tell,
    onFailure: onDefect,
  });
  return {
    serve: (channel) => {
      const window = serveChannel(channel, {
        mayReceive: createRateLimit({ now, burst: 500, perSecond: 100 }),
        answer: (name, payload, onCancel) => {
          const controller = new AbortController();
          onCancel(() => controller.abort(new AppError('cancelled', 'Nobody waits for the answer any more.', {})));
          return dispatch(calls, name, payload, { signal: controller.signal }, onDefect);
        },
      });
      windows.add(window);
      channel.onClose(() => windows.delete(window));
    },
    openDownload: async (ticket) => {
      const file = redeem(state.downloads.take(ticket), 'download');
      return { ...file, content: await engines.current().cat(file.id, file.path) };
    },
    offerFolder: (path) => state.folders.issue(path),
    wake: () => {
      // What runs is at work on what is due, and restarting the watch would break it off. A copy of the watcher may be: it
      // is gone on with, and saving comes first.
      if (jobs.running().every(({ kind, by }) => kind === 'copy' && by === 'watcher')) void keeper?.restart();
    },
    close: async () => {
      follower.close();
      await keeper?.close();
      await jobs.close();
      tell({ kind: 'closing' });
      for (const window of windows) window.close();
      await engines.close();
    },
  };
}

function tellAll(tell: (event: PanelEvent) => void): void {
  tell({ kind: 'snapshotsChanged' });
  tell({ kind: 'restoresChanged' });
  tell({ kind: 'statusChanged' });
}

/** The engine of now. Those of before are closed with the host: something may still be under way in them. */
async function createEngines({ createEngine, place, isSample: isSampleAtFirst = false }: HostOptions) {
  const all: Engine[] = [];
  const open = async (wanted: EnginePlace): Promise<Engine> => {
    const engine = await createEngine(wanted);
    all.push(engine);
    return engine;
  };
  let current = await open(place);
  let isSample = isSampleAtFirst;
  return {
    current: () => current,
    isSample: () => isSample,
    move: async (wanted: EnginePlace, toSample: boolean): Promise<void> => {
      current = await open(wanted);
      isSample = toSample;
    },
    close: async (): Promise<void> => {
      for (const engine of all) await engine.close();
    },
  };
}
