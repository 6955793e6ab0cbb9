import { readdirSync, readFileSync, statSync } from 'node:fs';
import { systemErrorCode } from '../../shared/app-error.ts';
import type { OpenHandle } from './open-handles.ts';

/** Looks through `/proc/PID/fd`, comparing device and inode, so that a renamed file is found too. */
export async function findOpenHandles(paths: readonly string[]): Promise<readonly OpenHandle[]> {
  const wanted = new Map<string, string>();
  for (const path of paths) {
    const key = fileKey(path);
    if (key !== undefined) wanted.set(key, path);
  }
  if (wanted.size === 0) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => handlesOf(pid, wanted));
}

function handlesOf(pid: string, wanted: ReadonlyMap<string, string>): OpenHandle[] {
  const found = new Set<string>();
  for (const descriptor of unlessGone(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
    const path = wanted.get(fileKey(`/proc/${pid}/fd/${descriptor}`) ?? '');
    if (path !== undefined) found.add(path);
  }
  if (found.size === 0) return [];
  const command = unlessGone(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) ?? '';
  return [...found].map((path) => ({ path, pid: Number(pid), command }));
}

function fileKey(path: string): string | undefined {
  const stats = unlessGone(() => statSync(path, { bigint: true }));
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}

const goneCodes = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENOTDIR', 'ELOOP']);

/** Processes end, and those of other users keep their descriptors to themselves. */
function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (goneCodes.has(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}
