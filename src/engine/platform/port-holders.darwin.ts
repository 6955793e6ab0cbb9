import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { AppError } from '../../shared/app-error.ts';
import type { PortHolder } from './port-holders.ts';

/** Absolute, because an app that was started from the Finder has a short PATH. */
const lsof = existsSync('/usr/sbin/lsof') ? '/usr/sbin/lsof' : '/usr/bin/lsof';

/** Asks lsof(8), which shows this user's processes, then knocks on the ports where it has seen nobody. */
export async function findPortHolders(ports: readonly number[]): Promise<readonly PortHolder[]> {
  if (ports.length === 0) return [];
  const holders = parseListeners(await runLsof(ports));
  const seen = new Set(holders.map(({ port }) => port));
  const others = ports.filter((port) => !seen.has(port));
  const answers = await Promise.all(others.map(async (port) => ({ port, isTaken: await answersOn(port) })));
  return [...holders, ...answers.filter(({ isTaken }) => isTaken).map(({ port }) => ({ port, command: '' }))];
}

/** Reads `lsof -F pcn`: `p` and `c` once per process, `n` (such as `127.0.0.1:4100` or `*:4100`) once per socket. */
export function parseListeners(output: string): readonly PortHolder[] {
  const holders = new Map<string, PortHolder>();
  let pid = 0;
  let command = '';
  for (const line of output.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) pid = Number(value);
    else if (line.startsWith('c')) command = value;
    else if (line.startsWith('n')) {
      const port = Number(value.slice(value.lastIndexOf(':') + 1));
      holders.set(`${pid}:${port}`, { port, pid, command });
    }
  }
  return [...holders.values()];
}

function runLsof(ports: readonly number[]): Promise<string> {
  const parameters = ['-w', '-nP', `-iTCP:${ports.join(',')}`, '-sTCP:LISTEN', '-F', 'pcn'];
  return new Promise((resolve, reject) => {
    execFile(lsof, parameters, { timeout: 20_000, maxBuffer: 16_000_000 }, (error, stdout) => {
      // It ends with 1 when nobody listens.
      if (error === null || error.code === 1) resolve(stdout);
      else reject(new AppError('io', 'lsof could not tell who listens on the ports of Codex.', { cause: error }));
    });
  });
}

async function answersOn(port: number): Promise<boolean> {
  const answers = await Promise.all(['127.0.0.1', '::1'].map((host) => accepts(host, port)));
  return answers.includes(true);
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (isTaken: boolean) => (): void => {
      socket.destroy();
      resolve(isTaken);
    };
    socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false));
  });
}
