import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';

/** The processes whose working folder is that folder (a real path) or lies in it. */
export function findProcessesIn(folder: string): readonly number[] {
  const cwds = existsSync('/proc/self/cwd') ? readProc() : readLsof();
  return cwds
    .filter(({ cwd }) => cwd === folder || cwd.startsWith(`${folder}/`) || cwd === `${folder} (deleted)`)
    .map(({ pid }) => pid);
}

interface WorkingFolder {
  readonly pid: number;
  readonly cwd: string;
}

function readProc(): readonly WorkingFolder[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      return [{ pid: Number(pid), cwd: readlinkSync(`/proc/${pid}/cwd`) }];
    } catch {
      return []; // it ended meanwhile, or belongs to another user
    }
  });
}

/** `lsof -Fpn` prints a `p` line for each process and an `n` line for its working folder. */
function readLsof(): readonly WorkingFolder[] {
  const { stdout } = spawnSync('lsof', ['-d', 'cwd', '-Fpn'], { encoding: 'utf8' });
  const found: WorkingFolder[] = [];
  let pid = 0;
  for (const line of stdout.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    if (line.startsWith('n')) found.push({ pid, cwd: line.slice(1) });
  }
  return found;
}
