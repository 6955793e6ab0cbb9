import { changeOnePercent } from '../inputs/change-one-percent.ts';
import { copyCodexTree } from '../inputs/codex-tree.ts';
import { interleave, samplesOf } from '../measure/interleave.ts';
import { openEngine } from '../ours/open-engine.ts';
import { newPlace, runCodexBackup } from '../ours/whole-command.ts';
import { writeTarGz } from '../peers/tar.ts';
import type { Bench, Finding, Row } from '../row.ts';

export const changedSnapshot: Row = {
  name: 'changed-snapshot',
  describe: '1 % of the files changed, whole command, against tar -czf',
  measure,
};

async function measure({ workspace, rounds }: Bench): Promise<readonly Finding[]> {
  const tree = await copyCodexTree(workspace);
  const place = newPlace(workspace, tree.root);
  const archive = workspace.newPath('changed.tar.gz');
  await runCodexBackup(place, ['run']);
  const measured = await interleave(
    [
      {
        // First, so that the changes are older than 2 s when our turn comes: else the run after it reads them again.
        name: 'tar',
        measure: (round) => {
          changeOnePercent(tree, round);
          return writeTarGz(tree, archive);
        },
      },
      { name: 'command', measure: () => runCodexBackup(place, ['run']) },
    ],
    rounds,
  );
  const engine = openEngine(place);
  const [latest] = await engine.list();
  await engine.close();
  const { total = 0, reused = 0 } = latest?.code?.packs ?? {};
  return [
    {
      what: '1 % of files changed, whole command',
      unit: 'ms',
      ours: samplesOf(measured, 'command'),
      peer: { name: 'tar -czf', samples: samplesOf(measured, 'tar') },
      bound: { kind: 'ratio', atMost: 0.35 },
      note: `in the last run ${total - reused} of ${total} packs were new`,
    },
  ];
}
