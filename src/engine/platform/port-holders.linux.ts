import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { PortHolder } from './port-holders.ts';
import { listPids, unlessHidden } from './proc.linux.ts';

/** Reads the listening sockets from `/proc/net/tcp` and `tcp6`, and who holds them from `/proc/PID/fd` (proc(5)). */
export async function findPortHolders(ports: readonly number[]): Promise<readonly PortHolder[]> {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map(
    (file) => unlessHidden(() => readFileSync(file, 'utf8')) ?? '',
  );
  const sockets = new Map(tables.flatMap((table) => parseListening(table, new Set(ports))));
  if (sockets.size === 0) return [];
  const holders = listPids().flatMap((pid) => holdersIn(pid, sockets));
  const seen = new Set(holders.map(({ port }) => port));
  const hidden = [...new Set(sockets.values())].filter((port) => !seen.has(port));
  return [...holders, ...hidden.map((port) => ({ port, command: '' }))];
}

/** Inode and port of each socket in state 0A (listening). */
export function parseListening(table: string, wanted: ReadonlySet<number>): [socket: string, port: number][] {
  return table.split('\n').flatMap((line): [string, number][] => {
    const fields = line.trim().split(/\s+/);
    const port = Number.parseInt(fields[1]?.split(':')[1] ?? '', 16);
    return fields[3] === '0A' && wanted.has(port) ? [[`socket:[${fields[9] ?? ''}]`, port]] : [];
  });
}

function holdersIn(pid: number, sockets: ReadonlyMap<string, number>): PortHolder[] {
  const ports = new Set<number>();
  for (const descriptor of unlessHidden(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
    const port = sockets.get(unlessHidden(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`)) ?? '');
    if (port !== undefined) ports.add(port);
  }
  if (ports.size === 0) return [];
  const command = unlessHidden(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) ?? '';
  return [...ports].map((port) => ({ port, pid, command }));
}
