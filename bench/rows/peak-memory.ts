import { codexTree } from '../inputs/codex-tree.ts';
import { createSmallFiles } from '../inputs/small-files.ts';
import { type PeakMemory, watchPeakMemory } from '../measure/peak-memory.ts';
import { newPlace, runCodexBackup } from '../ours/whole-command.ts';
import type { Bench, Finding, Row } from '../row.ts';

export const peakMemory: Row = {
  name: 'peak-memory',
  describe: 'peak memory of a first snapshot, whole command: of the tree, of 100,000 small files',
  measure,
};

async function measure(bench: Bench): Promise<readonly Finding[]> {
  const tree = await codexTree(bench.workspace);
  const small = await createSmallFiles(bench.workspace, 100_000);
  return [
    await measureTree(bench, tree.root, 'peak memory, first snapshot of the tree', 300_000_000),
    await measureTree(bench, small, 'peak memory, first snapshot of 100,000 small files', 400_000_000),
  ];
}

async function measureTree({ workspace, rounds }: Bench, root: string, what: string, atMost: number): Promise<Finding> {
  const peaks: PeakMemory[] = [];
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const place = newPlace(workspace, root);
    let stop: (() => PeakMemory) | undefined;
    const onStart = ({ pid }: { readonly pid?: number | undefined }): void => {
      if (pid !== undefined) ({ stop } = watchPeakMemory(pid));
    };
    times.push(await runCodexBackup(place, ['run'], { onStart }));
    if (stop !== undefined) peaks.push(stop());
  }
  const children = peaks.map(({ children }) => children.map((bytes) => Math.round(bytes / 1e6)).join('+'));
  return {
    what,
    unit: 'bytes',
    ours: peaks.map(({ process }) => process),
    bound: { kind: 'value', atMost },
    note: `the check process besides: ${children.join(', ')} MB; ${Math.round(Math.min(...times))} ms at best`,
  };
}
