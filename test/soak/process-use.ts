import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What a process holds at one moment. */
export interface Use {
  readonly memoryBytes: number;
  readonly openFiles: number;
}

export function readUse(pid: number): Use {
  if (existsSync('/proc/self/status')) {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    return { memoryBytes: kilobytes * 1024, openFiles: readdirSync(`/proc/${pid}/fd`).length };
  }
  const kilobytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
  const lines = execFileSync('lsof', ['-p', String(pid), '-Ff'], { encoding: 'utf8' }).split('\n');
  return { memoryBytes: kilobytes * 1024, openFiles: lines.filter((line) => /^f\d/.test(line)).length };
}

/** The value in the middle. */
export function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
