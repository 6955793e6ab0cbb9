import { readFileSync } from 'node:fs';
import { createManySnapshots } from '../inputs/many-snapshots.ts';
import { interleave, samplesOf } from '../measure/interleave.ts';
import { runCodexBackup } from '../ours/whole-command.ts';
import type { Bench, Finding, Row } from '../row.ts';

export const listSnapshots: Row = {
  name: 'list-snapshots',
  describe: 'list on 1,000 snapshots, whole command',
  measure,
};

const count = 1000;

async function measure({ workspace, rounds }: Bench): Promise<readonly Finding[]> {
  const place = await createManySnapshots(workspace, count);
  const text = workspace.newPath('list.txt');
  const json = workspace.newPath('list.json');
  const measured = await interleave(
    [
      { name: 'text', measure: () => runCodexBackup(place, ['list'], { stdout: text }) },
      { name: 'json', measure: () => runCodexBackup(place, ['list', '--json'], { stdout: json }) },
    ],
    rounds,
  );
  const listed = readFileSync(json, 'utf8').split('"createdAt"').length - 1;
  if (listed !== count) throw new Error(`${listed} snapshots are listed instead of ${count}.`);
  return [
    {
      what: 'list on 1,000 snapshots, whole command',
      unit: 'ms',
      ours: samplesOf(measured, 'text'),
      bound: { kind: 'value', atMost: 500 },
    },
    {
      what: 'the same with --json',
      unit: 'ms',
      ours: samplesOf(measured, 'json'),
      bound: { kind: 'value', atMost: 500 },
    },
  ];
}
