import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peers } from '../peers/find-peers.ts';
import type { Finding } from '../row.ts';
import type { Machine } from './describe-machine.ts';
import { judge } from './judge.ts';

export interface Results {
  readonly startedAt: Date;
  readonly machine: Machine;
  readonly peers: Peers;
  readonly rounds: number;
  readonly findings: readonly (Finding & { readonly row: string })[];
  readonly failures: readonly { readonly row: string; readonly message: string }[];
}

/** Writes everything that was measured, every sample, as JSON; answers the file. */
export function writeResults(results: Results, folder = join(import.meta.dirname, '../../bench-results')): string {
  const { startedAt, peers, findings, ...rest } = results;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${startedAt.toISOString().replaceAll(/[:.]/g, '-')}.json`);
  const content = {
    startedAt,
    ...rest,
    peers: Object.fromEntries(peers),
    findings: findings.map((finding) => ({ ...finding, medians: judge(finding) })),
  };
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  return file;
}
