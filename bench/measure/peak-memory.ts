import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const sampleMs = 20;

export interface PeakMemory {
  /** Most bytes that the process itself ever held. */
  readonly process: number;
  /** The same of each process that it started, the largest first. */
  readonly children: readonly number[];
}

/** Watches a process and all that it starts until `stop`. Linux tells each one's own peak; else samples stand for it. */
export function watchPeakMemory(pid: number): { readonly stop: () => PeakMemory } {
  const peaks = new Map<number, number>();
  const sample = (): void => {
    for (const { pid: found, bytes } of readTree(pid)) peaks.set(found, Math.max(peaks.get(found) ?? 0, bytes));
  };
  const timer = setInterval(sample, sampleMs);
  sample();
  return {
    stop: () => {
      clearInterval(timer);
      const { [String(pid)]: own = 0, ...others } = Object.fromEntries(peaks);
      return { process: own, children: Object.values(others).sort((a, b) => b - a) };
    },
  };
}

interface ProcessMemory {
  readonly pid: number;
  readonly parent: number;
  readonly bytes: number;
}

function readTree(root: number): readonly ProcessMemory[] {
  const all = existsSync('/proc/self/status') ? readProc() : readPs();
  const wanted = new Set([root]);
  // A child's number may be lower than its parent's, so one pass isn't enough.
  for (let size = 0; size !== wanted.size; ) {
    size = wanted.size;
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid);
  }
  return all.filter(({ pid }) => wanted.has(pid));
}

function readProc(): readonly ProcessMemory[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'latin1');
      const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
      return [{ pid: Number(pid), parent: field('PPid'), bytes: field('VmHWM') * 1024 }];
    } catch {
      return []; // it ended meanwhile
    }
  });
}

function readPs(): readonly ProcessMemory[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid = 0, parent = 0, kilobytes = 0] = line.trim().split(/\s+/).map(Number);
    return { pid, parent, bytes: kilobytes * 1024 };
  });
}
