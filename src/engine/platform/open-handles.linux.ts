import { type BigIntStats, readdirSync, readFileSync, statSync } from 'node:fs';
import type { OpenHandle } from './open-handles.ts';
import { listPids, unlessHidden } from './proc.linux.ts';

/** Looks through `/proc/PID/fd`, comparing device and inode, so that a renamed file is found too. */
export async function findOpenHandles(paths: readonly string[]): Promise<readonly OpenHandle[]> {
  const wanted = new Map<string, string>();
  for (const path of paths) {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats !== undefined) wanted.set(fileKey(stats), path);
  }
  if (wanted.size === 0) return [];
  return listPids().flatMap((pid) => handlesOf(pid, wanted));
}

function handlesOf(pid: number, wanted: ReadonlyMap<string, string>): OpenHandle[] {
  const found = new Set<string>();
  for (const descriptor of unlessHidden(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
    const stats = unlessHidden(() => statSync(`/proc/${pid}/fd/${descriptor}`, { bigint: true }));
    const path = stats === undefined ? undefined : wanted.get(fileKey(stats));
    if (path !== undefined) found.add(path);
  }
  if (found.size === 0) return [];
  const command = unlessHidden(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) ?? '';
  return [...found].map((path) => ({ path, pid, command }));
}

const fileKey = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;
