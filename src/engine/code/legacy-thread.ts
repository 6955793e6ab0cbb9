import { Worker } from 'node:worker_threads';
import { entryModule } from '../platform/entry-module.ts';
import { damagedArchive, extractFailure } from './extract-failure.ts';
import type { LegacyMessage, LegacyTask } from './legacy-messages.ts';

export interface LegacyThreadOptions {
  readonly archiveFile: string;
  readonly signal: AbortSignal;
  /** Called in order for what the thread says on the way; when it throws, the thread is ended. */
  readonly onMessage: (message: LegacyMessage) => void;
  /** A thread that says nothing for so long hangs. */
  readonly stallMs?: number;
}

/** No archive needs as much; one that does is a bomb. */
const heapMb = 512;

/**
 * Reads a v1.5 archive in a thread of its own, so that whatever a hostile one does to the parser (throw where nobody
 * catches, loop, take all memory) ends that thread and becomes an AppError.
 */
export async function runLegacyThread(task: LegacyTask, options: LegacyThreadOptions): Promise<void> {
  const { archiveFile, signal, onMessage, stallMs = 120_000 } = options;
  signal.throwIfAborted();
  const worker = new Worker(entryModule('./legacy-worker', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  const ended = Promise.withResolvers<void>();
  let subject = '';
  const fail = (reason: string): void => ended.reject(damagedArchive(archiveFile, subject, reason));
  const abort = (): void => ended.reject(signal.reason);
  const stall = setTimeout(() => fail('reading it does not come to an end'), stallMs);

  worker.on('message', (message: LegacyMessage) => {
    stall.refresh();
    try {
      if (message.kind === 'done') return ended.resolve();
      if (message.kind === 'damaged') return ended.reject(damagedArchive(archiveFile, message.path, message.reason));
      if (message.kind === 'failed') return ended.reject(toFailure(message, archiveFile));
      subject = message.kind === 'entries' ? (message.entries.at(-1)?.name ?? subject) : message.subject;
      onMessage(message);
      if (message.kind === 'entries') worker.postMessage('go on');
    } catch (error) {
      ended.reject(error);
    }
  });
  worker.on('error', (error) => fail(`reading it failed (${error instanceof Error ? error.message : String(error)})`));
  worker.on('exit', () => fail('reading it ended too early'));
  signal.addEventListener('abort', abort);
  try {
    await ended.promise;
  } finally {
    clearTimeout(stall);
    signal.removeEventListener('abort', abort);
    await worker.terminate();
  }
}

function toFailure(message: Extract<LegacyMessage, { kind: 'failed' }>, archiveFile: string): unknown {
  const cause = Object.assign(new Error(message.reason), { code: message.systemCode });
  return extractFailure(cause, message.path === '' ? archiveFile : message.path);
}
