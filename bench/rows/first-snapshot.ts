import { rmSync, statSync } from 'node:fs';
import type { CodeIndex } from '../../src/engine/code/code-index.ts';
import { codexTree } from '../inputs/codex-tree.ts';
import { interleave, samplesOf, timed, timedResult } from '../measure/interleave.ts';
import { median } from '../measure/statistics.ts';
import { readBackCode, type WrittenCode, writeCodeSnapshot } from '../ours/write-code-snapshot.ts';
import { listTarFiles, writeTarGz, writeTarPigz } from '../peers/tar.ts';
import type { Bench, Finding, Row } from '../row.ts';

/** Both are timed in this process: what the start of a command costs stands in the rows of whole commands. */
export const firstSnapshot: Row = {
  name: 'first-snapshot',
  describe: 'first code snapshot against tar -czf and tar | pigz: time, size, with read-back',
  measure,
};

async function measure({ workspace, peers, rounds }: Bench): Promise<readonly Finding[]> {
  const tree = await codexTree(workspace);
  const tarFile = workspace.newPath('first.tar.gz');
  const pigzFile = workspace.newPath('first-pigz.tar.gz');
  const written: WrittenCode[] = [];
  const withReadBack: number[] = [];
  const measured = await interleave(
    [
      {
        name: 'ours',
        measure: async () => {
          for (const { folder } of written.slice(-1)) rmSync(folder, { recursive: true });
          const folder = workspace.newPath('first');
          const { ms: writing, result } = await timedResult(() => writeCodeSnapshot(tree.root, folder));
          written.push(result);
          withReadBack.push(writing + (await timed(() => readBackCode(result))));
          return writing;
        },
      },
      { name: 'tar', measure: () => writeTarGz(tree, tarFile) },
      ...(peers.has('pigz') ? [{ name: 'pigz', measure: () => writeTarPigz(tree, pigzFile) }] : []),
    ],
    rounds,
  );
  const last = written.at(-1);
  if (last === undefined) throw new Error('Nothing was written.');
  requireSameFiles(last.index, await listTarFiles(workspace, tarFile));

  const ours = samplesOf(measured, 'ours');
  const tar = { name: 'tar -czf', samples: samplesOf(measured, 'tar') };
  const size = { ours: [last.bytes], peer: { name: 'tar -czf', samples: [statSync(tarFile).size] } };
  const note = describeRun(written, measured.get('ours')?.cold ?? Number.NaN, tree.files.length);
  return [
    {
      what: 'first code snapshot, written and fsynced',
      unit: 'ms',
      ours,
      peer: tar,
      bound: { kind: 'ratio', atMost: 0.55 },
      note,
    },
    { what: 'the same: size of the archive', unit: 'bytes', ...size, bound: { kind: 'ratio', atMost: 1.02 } },
    {
      what: 'the same, with its read-back',
      unit: 'ms',
      ours: withReadBack.slice(1),
      peer: tar,
      bound: { kind: 'ratio', atMost: 0.8 },
    },
    {
      what: 'the same, written and fsynced',
      unit: 'ms',
      ours,
      peer: { name: 'tar | pigz', samples: samplesOf(measured, 'pigz') },
      bound: { kind: 'ratio', atMost: 1 },
    },
  ];
}

/** Otherwise one of the two did less work. */
function requireSameFiles(index: CodeIndex, tarFiles: readonly string[]): void {
  const ours = index.entries
    .filter(({ kind }) => kind !== 'folder')
    .map(({ path }) => path)
    .sort();
  if (ours.length === tarFiles.length && ours.every((path, i) => path === tarFiles[i])) return;
  throw new Error(`tar holds ${tarFiles.length} files and our archive ${ours.length}: they must be the same.`);
}

function describeRun(written: readonly WrittenCode[], cold: number, files: number): string {
  const step = (name: keyof WrittenCode['steps']): string =>
    `${Math.round(median(written.slice(1).map(({ steps }) => steps[name])))} ms`;
  return (
    `${files} files, the same in both archives; survey ${step('survey')}, archive ${step('archive')}, ` +
    `index ${step('index')}; the first run in the process took ${Math.round(cold)} ms`
  );
}
