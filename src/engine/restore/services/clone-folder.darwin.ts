import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';

/**
 * Lets macOS's cp clone a tree (`-c`: clonefile(2), which libuv doesn't use): false, and nothing left, if it can't.
 * `-R` without `-L` or `-H` copies links as links.
 */
export async function cloneWithCp(source: string, target: string, signal: AbortSignal): Promise<boolean> {
  const isCloned = await new Promise<boolean>((resolve) => {
    execFile('/bin/cp', ['-c', '-R', '-p', source, target], { signal }, (error) => resolve(error === null));
  });
  signal.throwIfAborted();
  if (!isCloned) await rm(target, { recursive: true, force: true });
  return isCloned;
}
