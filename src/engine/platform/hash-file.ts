import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/**
 * sha256 of a file's bytes, in hex, read without blocking. For files of our own, never for a database that others may
 * have open.
 */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const stream = createReadStream(path, { highWaterMark: 1024 * 1024, ...(signal !== undefined && { signal }) });
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}
