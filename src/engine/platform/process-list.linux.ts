import { readFileSync } from 'node:fs';
import { listPids, unlessHidden } from './proc.linux.ts';
import type { Mark, RunningProcess } from './process-list.ts';

/** Reads `/proc/PID/stat` (proc(5)) of every process. */
export async function listProcesses(): Promise<readonly RunningProcess[]> {
  const boot = unlessHidden(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '';
  return listPids().flatMap((pid) => {
    const stat = unlessHidden(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
    const parsed = stat === undefined ? undefined : parseStat(stat, boot);
    return parsed === undefined ? [] : [parsed];
  });
}

/** Searches `/proc/PID/environ`, which holds what the process was given when it began. */
export async function findMarked({ name, value }: Mark): Promise<readonly number[]> {
  const wanted = Buffer.from(`\0${name}=${value}\0`);
  return listPids().filter((pid) => {
    const environment = unlessHidden(() => readFileSync(`/proc/${pid}/environ`));
    return environment !== undefined && Buffer.concat([Buffer.of(0), environment, Buffer.of(0)]).includes(wanted);
  });
}

/** The name stands in brackets and may hold anything, brackets too; the fields follow its last one. */
export function parseStat(stat: string, boot: string): RunningProcess | undefined {
  const nameStart = stat.indexOf('(');
  const nameEnd = stat.lastIndexOf(')');
  const fields = stat.slice(nameEnd + 2).split(' ');
  const state = fields[0] ?? 'X';
  if (nameStart < 0 || state === 'Z' || state === 'X') return undefined;
  return {
    pid: Number(stat.slice(0, nameStart)),
    parent: Number(fields[1]),
    group: Number(fields[2]),
    // Ticks since the system came up, so they mean something only together with which start that was.
    startedAt: `${boot}:${fields[19] ?? ''}`,
    command: stat.slice(nameStart + 1, nameEnd),
  };
}

/** Ticks are hundredths of a second for programs, whatever the kernel counts in; `btime` is when the system came up. */
export function beganAtMs({ startedAt }: RunningProcess): number {
  const upSince = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1];
  return Number(upSince) * 1000 + Number(startedAt.split(':')[1]) * 10;
}
