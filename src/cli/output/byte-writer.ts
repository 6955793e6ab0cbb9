import type { Writable } from 'node:stream';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';

/** Standard output as a place to write to that may go away: `| head` takes what it wants and leaves. */
export interface ByteWriter {
  /** Waits until the chunk is taken; false when the reader is gone. Other failures are AppError `io`. */
  write(chunk: string | Uint8Array): Promise<boolean>;
  /** True when a write was broken off: its bytes wait for a reader that doesn't read, and keep the process alive. */
  isStuck(): boolean;
}

export function createByteWriter(stream: Writable, signal: AbortSignal): ByteWriter {
  // The first failure tells the cause; after it the stream only says that it was destroyed.
  let failure: Error | undefined;
  let stuck = false;
  // Each write hears of its failure by its callback; without a listener the same failure would end the process.
  stream.on('error', (error) => {
    failure ??= error;
  });
  const write = (chunk: string | Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      const onAbort = () => {
        stuck = true;
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      stream.write(chunk, (error) => {
        signal.removeEventListener('abort', onAbort);
        if (error) failure ??= error;
        resolve();
      });
    });
  return {
    write: async (chunk) => {
      if (failure === undefined && !stuck) await write(chunk);
      if (failure !== undefined && systemErrorCode(failure) !== 'EPIPE') throw unwritable(failure);
      return failure === undefined && !stuck;
    },
    isStuck: () => stuck,
  };
}

/** Writes all of it, in the pace of the reader, and ends early without a word when that one is gone. */
export async function writeAll(writer: ByteWriter, content: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of content) {
    if (!(await writer.write(chunk))) return;
  }
}

function unwritable(error: Error): AppError {
  return new AppError('io', `Standard output can not be written: ${error.message}.`, {
    hint: 'Look at where the output goes: a full disk, perhaps.',
    cause: error,
  });
}
