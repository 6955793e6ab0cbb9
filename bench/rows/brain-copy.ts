import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { captureDatabase } from '../../src/engine/brain/capture.ts';
import { createLargeBrain } from '../inputs/brain.ts';
import { type Contender, interleave, samplesOf, timedResult } from '../measure/interleave.ts';
import { runCommand } from '../measure/run-command.ts';
import { median, percentile } from '../measure/statistics.ts';
import type { Bench, Finding, Row } from '../row.ts';
import { startWriter } from '../writer/start-writer.ts';

export const brainCopy: Row = {
  name: 'brain-copy',
  describe: 'copy of a 400 MB Brain, WAL, 800 commits/s, against sqlite3 .backup with no writer',
  measure,
};

const commitsPerSecond = 800;

/** One copy under load, and the commits that the other process made meanwhile. */
interface Copy {
  readonly ms: number;
  readonly restarts: number;
  readonly lockHeldMs: number;
  readonly longestStepMs: number;
  readonly latencies: readonly number[];
}

async function measure({ workspace, peers, rounds }: Bench): Promise<readonly Finding[]> {
  const folder = workspace.newFolder('brain');
  const source = join(folder, 'codex-brain.db');
  createLargeBrain(source);
  const copies: Copy[] = [];
  const idle: number[] = [];
  const ours: Contender = {
    name: 'ours',
    measure: async () => {
      const copy = await copyUnderLoad(source, join(folder, 'copy.db'), idle);
      copies.push(copy);
      return copy.ms;
    },
  };
  const target = join(folder, 'peer.db');
  const peer: Contender = {
    name: 'sqlite3',
    measure: async () => {
      rmSync(target, { force: true });
      return runCommand('sqlite3', [source, `.backup ${target}`]);
    },
  };
  const measured = await interleave(peers.has('sqlite3') ? [ours, peer] : [ours], rounds);
  const counted = copies.slice(1);
  const bytes = statSync(source).size;
  rmSync(folder, { recursive: true });
  return [
    {
      what: 'copy step of a 400 MB Brain, WAL, 800 commits/s',
      unit: 'ms',
      ours: samplesOf(measured, 'ours'),
      peer: { name: 'sqlite3 .backup, idle', samples: samplesOf(measured, 'sqlite3') },
      bound: { kind: 'ratio', atMost: 1 },
      note: describeCopies(counted, idle, bytes),
    },
    {
      what: 'the same: restarts, most of any run',
      unit: 'count',
      ours: [Math.max(...counted.map(({ restarts }) => restarts))],
      bound: { kind: 'value', atMost: 0 },
    },
    {
      what: 'the same: p99 of the writer’s commits',
      unit: 'ms',
      ours: counted.map(({ latencies }) => percentile(latencies, 0.99)),
      bound: { kind: 'value', atMost: 2 },
    },
  ];
}

async function copyUnderLoad(source: string, target: string, idle: number[]): Promise<Copy> {
  rmSync(target, { force: true });
  const writer = await startWriter(source, commitsPerSecond);
  try {
    // The same writer without a copy, to compare with.
    writer.begin();
    await setTimeout(500);
    idle.push(...(await writer.report()));
    writer.begin();
    const { ms, result } = await timedResult(() =>
      captureDatabase({
        source,
        target,
        automatic: true,
        deadlineMs: 120_000,
        maxWalBytes: 1_000_000_000,
        signal: new AbortController().signal,
      }),
    );
    const latencies = await writer.report();
    const { restarts, lockHeldMs, longestStepMs } = result;
    return { ms, restarts, lockHeldMs, longestStepMs, latencies };
  } finally {
    await writer.stop();
  }
}

function describeCopies(copies: readonly Copy[], idle: readonly number[], bytes: number): string {
  const rates = copies.map(({ ms, latencies }) => Math.round((latencies.length / ms) * 1000));
  const held = Math.round(median(copies.map(({ lockHeldMs }) => lockHeldMs)));
  const step = Math.round(Math.max(...copies.map(({ longestStepMs }) => longestStepMs)));
  const worst = Math.max(...copies.flatMap(({ latencies }) => latencies)).toFixed(1);
  return (
    `${Math.round(bytes / 1e6)} MB; ${Math.min(...rates)} to ${Math.max(...rates)} commits/s meanwhile, the slowest ` +
    `${worst} ms (p99 with no copy ${percentile(idle, 0.99).toFixed(2)} ms); transaction held ${held} ms, ` +
    `longest step ${step} ms`
  );
}
