import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import type { CodexPlace } from './codex-place.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Keeps a copy of a place. The answer puts it back under the same path, with dates and modes, as often as it is called. */
export async function keepPlace(place: CodexPlace): Promise<() => void> {
  // Its databases are to be whole in the copy, and not open when the place is replaced.
  await place.engine.close();
  const copy = temporaryFolder();
  copyAll(place.base, copy);
  return () => {
    rmSync(place.base, { recursive: true });
    mkdirSync(place.base, { mode: 0o700 });
    copyAll(copy, place.base);
  };
}

function copyAll(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', `${from}/.`, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
