import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { AppError } from '../../shared/app-error.ts';
import type { OpenHandle } from './open-handles.ts';

const timeoutMs = 20_000;

/** Asks lsof, which finds files by device and inode. */
export async function findOpenHandles(paths: readonly string[]): Promise<readonly OpenHandle[]> {
  const existing = paths.filter((path) => existsSync(path));
  return existing.length === 0 ? [] : parseLsof(await runLsof(existing));
}

/** Reads `lsof -F pcn`: a line per fact, `p` and `c` once per process, `n` once per file. */
export function parseLsof(output: string): OpenHandle[] {
  const handles: OpenHandle[] = [];
  let pid = 0;
  let command = '';
  for (const line of output.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) pid = Number(value);
    else if (line.startsWith('c')) command = value;
    else if (line.startsWith('n')) handles.push({ path: value, pid, command });
  }
  return handles;
}

/** lsof ends with 1 both when nobody has the files open and when one of them vanished; its output tells. */
function runLsof(paths: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: timeoutMs, maxBuffer: 16_000_000 };
    execFile('/usr/sbin/lsof', ['-w', '-F', 'pcn', '--', ...paths], options, (error, stdout) => {
      if (error === null || error.code === 1) resolve(stdout);
      else reject(new AppError('io', `lsof could not tell who has ${paths[0] ?? ''} open.`, { cause: error }));
    });
  });
}
