import { mkdirSync, rmSync } from 'node:fs';
import { changeOnePercent } from '../inputs/change-one-percent.ts';
import { copyCodexTree } from '../inputs/codex-tree.ts';
import { interleave, samplesOf, timed, timedResult } from '../measure/interleave.ts';
import { runCommand } from '../measure/run-command.ts';
import { openEngine } from '../ours/open-engine.ts';
import { newPlace } from '../ours/whole-command.ts';
import { writeTarGz } from '../peers/tar.ts';
import type { Bench, Finding, Row } from '../row.ts';

export const restoreCode: Row = {
  name: 'restore-code',
  describe: 'all code into an empty folder, and over a tree of which 1 % differs, against tar -xzf',
  measure,
};

async function measure({ workspace, rounds }: Bench): Promise<readonly Finding[]> {
  const tree = await copyCodexTree(workspace);
  const archive = workspace.newPath('all.tar.gz');
  await writeTarGz(tree, archive);
  const engine = openEngine(newPlace(workspace, tree.root));
  try {
    const { id } = await engine.run({ trigger: 'manual' });
    const target = workspace.newPath('restored');
    const measured = await interleave(
      [
        {
          name: 'tar',
          measure: async () => {
            mkdirSync(target);
            const ms = await runCommand('tar', ['-xzf', archive, '-C', target]);
            rmSync(target, { recursive: true });
            return ms;
          },
        },
        {
          name: 'empty',
          measure: async () => {
            const ms = await timed(() => engine.restoreInto(id, target, { scope: 'code' }));
            rmSync(target, { recursive: true });
            return ms;
          },
        },
        {
          name: 'changed',
          measure: async (round) => {
            changeOnePercent(tree, round);
            const restoring = () => engine.restore(id, { scope: 'code', useServices: false });
            const { ms, result } = await timedResult(restoring);
            if (result.id !== null) await engine.discardRestore(result.id);
            return ms;
          },
        },
      ],
      rounds,
    );
    const peer = { name: 'tar -xzf', samples: samplesOf(measured, 'tar') };
    return [
      {
        what: 'restore all code into an empty folder, every hash checked, flushed',
        unit: 'ms',
        ours: samplesOf(measured, 'empty'),
        peer,
        bound: { kind: 'ratio', atMost: 1.3 },
      },
      {
        what: 'restore code over a tree of which 1 % differs, with its safety snapshot',
        unit: 'ms',
        ours: samplesOf(measured, 'changed'),
        peer,
        bound: { kind: 'ratio', atMost: 0.3 },
      },
    ];
  } finally {
    await engine.close();
  }
}
