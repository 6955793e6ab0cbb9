import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createLargeBrain } from '../inputs/brain.ts';
import { interleave, samplesOf, timedResult } from '../measure/interleave.ts';
import { runCommand } from '../measure/run-command.ts';
import { openEngine } from '../ours/open-engine.ts';
import { newPlace } from '../ours/whole-command.ts';
import type { Bench, Finding, Row } from '../row.ts';

export const restoreBrain: Row = {
  name: 'restore-brain',
  describe: 'a 400 MB Brain brought back, with its safety snapshot, against cp && sync && sha256sum',
  measure,
};

async function measure({ workspace, rounds }: Bench): Promise<readonly Finding[]> {
  const root = join(workspace.newFolder('restore-brain'), 'Codex');
  const brain = join(root, 'codex-brain/codex-brain-data/codex-brain.db');
  mkdirSync(join(brain, '..'), { recursive: true });
  createLargeBrain(brain);
  const engine = openEngine(newPlace(workspace, root));
  const swaps: number[] = [];
  try {
    const { id, path } = await engine.run({ trigger: 'manual' });
    const copy = workspace.newPath('copy.db');
    const measured = await interleave(
      [
        {
          name: 'cp',
          measure: async () => {
            const script = 'cp "$1" "$2" && sync "$2" && sha256sum "$2"';
            const ms = await runCommand('sh', ['-c', script, 'sh', join(path, 'codex-brain.db'), copy]);
            rmSync(copy);
            return ms;
          },
        },
        {
          name: 'ours',
          measure: async () => {
            let swapAt = 0;
            const { ms, result } = await timedResult(() =>
              engine.restore(id, {
                scope: 'brain',
                useServices: false,
                onProgress: ({ phase }) => {
                  if (phase === 'swap') swapAt = performance.now();
                },
              }),
            );
            swaps.push(performance.now() - swapAt);
            if (result.id !== null) await engine.discardRestore(result.id);
            return ms;
          },
        },
      ],
      rounds,
    );
    return [
      {
        what: 'restore of a 400 MB Brain, with its safety snapshot',
        unit: 'ms',
        ours: samplesOf(measured, 'ours'),
        peer: { name: 'cp && sync && sha256sum', samples: samplesOf(measured, 'cp') },
        bound: { kind: 'ratio', atMost: 2.5 },
      },
      {
        what: 'the same: the time that the Brain is away',
        unit: 'ms',
        ours: swaps.slice(1),
        bound: { kind: 'value', atMost: 500 },
      },
    ];
  } finally {
    await engine.close();
    rmSync(join(root, '..'), { recursive: true });
  }
}
