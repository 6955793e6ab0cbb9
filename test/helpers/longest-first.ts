import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, in the order in which they begin, before all others: one that began last would be waited
 * for alone. Most of them wait for services, browsers and clocks, and leave the processors to the rest.
 */
export const longestFiles: readonly string[] = [
  'soak/soak',
  'e2e/restore',
  'restore/sample',
  'package/package',
  'restore/failed-sample',
  'restore/full',
  'faults/injected-errors',
  'restore/kill',
  'engine/growth/fortnight-of-files',
  'restore/interrupted-sample',
  'faults/full-disk',
  'faults/kill',
  'renderer/overview',
  'renderer/set-up-views',
  'faults/source-faults',
  'e2e/scale',
  'e2e/looks',
  'e2e/overview',
  'e2e/set-up',
  'engine/code/walk-git',
  'cli/watch',
  'engine/growth/watcher',
  'faults/backups-folder',
  'faults/damage',
];

/** Orders files by that list, then as vitest does: by how long they took, or by size where that is not known. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    return usual.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const index = longestFiles.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return index < 0 ? longestFiles.length : index;
}
