import { join } from 'node:path';
import { readDatabase } from '../../src/engine/brain/look.ts';
import { observeBrain } from '../../src/engine/brain/observe-brain.ts';
import { createHugeBrain } from '../inputs/brain.ts';
import type { Bench, Finding, Row } from '../row.ts';

export const look: Row = {
  name: 'look',
  describe: 'a look of the watcher at a 1 GB Brain, and how long its read lock is held at most',
  measure,
};

const looksPerRound = 20;

async function measure({ workspace, rounds }: Bench): Promise<readonly Finding[]> {
  const brain = join(workspace.newFolder('huge'), 'codex-brain.db');
  createHugeBrain(brain);
  const looks: number[] = [];
  const locks: number[] = [];
  for (let round = 0; round < rounds * looksPerRound; round += 1) {
    looks.push(timed(() => observeBrain(brain)));
    locks.push(timed(() => readDatabase(brain)));
  }
  // The first of each has loaded code.
  const [counted, held] = [looks.slice(1), locks.slice(1)];
  return [
    { what: 'a look at a 1 GB Brain', unit: 'ms', ours: counted, bound: { kind: 'value', atMost: 20 } },
    {
      what: 'the same: read lock, with opening and closing',
      unit: 'ms',
      ours: held,
      bound: { kind: 'value', atMost: 5 },
      note: `the longest of ${held.length}: ${Math.max(...held).toFixed(2)} ms`,
    },
  ];
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
