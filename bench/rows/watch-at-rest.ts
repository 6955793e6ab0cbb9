import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createSample } from '../../sample/create-sample.ts';
import { runCodexBackup } from '../ours/whole-command.ts';
import type { Bench, Finding, Row } from '../row.ts';

export const watchAtRest: Row = {
  name: 'watch-at-rest',
  describe: 'a watcher with nothing to do: memory, and share of one core (Linux)',
  measure,
};

const settleMs = 5000;
const restMs = 65_000;
/** Of Linux, on every usual machine: ticks per second in /proc/PID/stat. */
const ticksPerSecond = 100;

async function measure({ workspace }: Bench): Promise<readonly Finding[]> {
  const folder = workspace.newFolder('watched');
  const root = join(folder, 'Codex');
  await createSample(root);
  const place = { root, backups: join(root, 'backups'), home: join(folder, 'home') };
  mkdirSync(place.home);
  await runCodexBackup(place, ['run']);
  let pid: number | undefined;
  const onStart = (child: { readonly pid?: number | undefined }): void => {
    pid = child.pid;
  };
  const ended = runCodexBackup(place, ['watch', '--quiet'], { onStart });
  await setTimeout(settleMs);
  if (pid === undefined) throw new Error('The watcher did not start.');
  const before = readUse(pid);
  await setTimeout(restMs);
  const after = readUse(pid);
  process.kill(pid, 'SIGINT');
  await ended;
  const share = (after.cpuSeconds - before.cpuSeconds) / (restMs / 1000);
  return [
    {
      what: 'memory of a watcher at rest',
      unit: 'bytes',
      ours: [after.bytes],
      bound: { kind: 'value', atMost: 120e6 },
    },
    {
      what: 'CPU time of a watcher at rest, per 1,000 ms',
      unit: 'ms',
      ours: [share * 1000],
      bound: { kind: 'value', atMost: 2 },
      note: `${(share * 100).toFixed(2)} % of one core over ${restMs / 1000} s`,
    },
  ];
}

function readUse(pid: number): { readonly bytes: number; readonly cpuSeconds: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name may hold spaces; what follows its bracket does not: state is the first, utime and stime the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { bytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024, cpuSeconds: ticks / ticksPerSecond };
}
