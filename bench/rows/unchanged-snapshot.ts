import { codexTree } from '../inputs/codex-tree.ts';
import { diskBytes } from '../measure/disk-bytes.ts';
import { type Contender, interleave, samplesOf, timed } from '../measure/interleave.ts';
import { median } from '../measure/statistics.ts';
import { openEngine } from '../ours/open-engine.ts';
import { newPlace, runCodexBackup } from '../ours/whole-command.ts';
import { createBorg } from '../peers/borg.ts';
import { createRestic } from '../peers/restic.ts';
import { writeTarGz } from '../peers/tar.ts';
import type { Bench, Finding, Row } from '../row.ts';

export const unchangedSnapshot: Row = {
  name: 'unchanged-snapshot',
  describe: 'second snapshot, nothing changed, 64 KB Brain: time and new disk; against restic and borg',
  measure,
};

async function measure(bench: Bench): Promise<readonly Finding[]> {
  const { workspace, rounds } = bench;
  const tree = await codexTree(workspace);
  const place = newPlace(workspace, tree.root);
  const inEngine = newPlace(workspace, tree.root);
  const engine = openEngine(inEngine);
  const archive = workspace.newPath('unchanged.tar.gz');
  const newDisk: number[] = [];
  await runCodexBackup(place, ['run']);
  await engine.run({ trigger: 'manual' });
  const measured = await interleave(
    [
      {
        name: 'command',
        measure: async () => {
          const before = diskBytes(place.backups);
          const took = await runCodexBackup(place, ['run']);
          newDisk.push(diskBytes(place.backups) - before);
          return took;
        },
      },
      { name: 'engine', measure: () => timed(() => engine.run({ trigger: 'manual' })) },
      { name: 'tar', measure: () => writeTarGz(tree, archive) },
      ...(await deduplicatingPeers(bench)),
    ],
    rounds,
  );
  const [latest] = await engine.list();
  await engine.close();
  if (latest?.code?.linked !== true) throw new Error('A snapshot of an unchanged tree did not link its archive.');

  const command = samplesOf(measured, 'command');
  const faster = fasterOf(['restic', 'borg'].map((name) => ({ name, samples: samplesOf(measured, name) })));
  const secondRuns = ['restic', 'borg'].map((name) => `${name} ${Math.round(median(samplesOf(measured, name)))} ms`);
  return [
    {
      what: 'second snapshot, nothing changed, whole command',
      unit: 'ms',
      ours: command,
      peer: { name: 'tar -czf', samples: samplesOf(measured, 'tar') },
      bound: { kind: 'ratio', atMost: 0.12 },
    },
    { what: 'the same: new disk', unit: 'bytes', ours: newDisk.slice(1), bound: { kind: 'value', atMost: 200_000 } },
    {
      what: 'the same, whole command',
      unit: 'ms',
      ours: command,
      peer: faster,
      bound: { kind: 'ratio', atMost: 0.6, isInformation: true },
      note: `second runs, medians: ${secondRuns.join(', ')}`,
    },
    {
      what: 'the same, in a running engine',
      unit: 'ms',
      ours: samplesOf(measured, 'engine'),
      peer: faster,
      bound: { kind: 'ratio', atMost: 0.5, isInformation: true },
    },
  ];
}

async function deduplicatingPeers({ workspace, peers }: Bench): Promise<readonly Contender[]> {
  const tree = await codexTree(workspace);
  const contenders: Contender[] = [];
  for (const [name, create] of [
    ['restic', createRestic],
    ['borg', createBorg],
  ] as const) {
    if (!peers.has(name)) continue;
    const run = await create(workspace, tree);
    await run();
    contenders.push({ name, measure: run });
  }
  return contenders;
}

interface PeerSamples {
  readonly name: string;
  readonly samples: readonly number[];
}

/** Of those that were measured; the name alone when none was. */
function fasterOf(candidates: readonly PeerSamples[]): PeerSamples {
  const [fastest] = candidates
    .filter(({ samples }) => samples.length > 0)
    .sort((a, b) => median(a.samples) - median(b.samples));
  return fastest ?? { name: candidates.map(({ name }) => name).join(' or '), samples: [] };
}
