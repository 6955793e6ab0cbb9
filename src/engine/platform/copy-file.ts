import { open } from 'node:fs/promises';
import { failPoint } from './fail-point.ts';

const chunkBytes = 256 * 1024;

/**
 * Copies a file, 0600 and flushed, and goes on where an interrupted copy has ended; `onBytes` hears of each piece. What
 * was there is not looked at: whoever calls reads it back.
 */
export async function copyFile(
  from: string,
  to: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'a+', 0o600);
    try {
      const { size } = await source.stat();
      let position = (await target.stat()).size;
      if (position > size) {
        await target.truncate(0);
        position = 0;
      }
      const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(1, size)));
      while (position < size) {
        signal.throwIfAborted();
        const { bytesRead } = await source.read(buffer, 0, buffer.length, position);
        if (bytesRead === 0) break;
        for (let written = 0; written < bytesRead; ) {
          written += (await target.write(buffer, written, bytesRead - written, null)).bytesWritten;
        }
        position += bytesRead;
        onBytes(bytesRead);
        failPoint('copy:piece');
      }
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}
