import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codexTree } from '../inputs/codex-tree.ts';
import { interleave, samplesOf, timed } from '../measure/interleave.ts';
import { runCommand } from '../measure/run-command.ts';
import { browsedSnapshot } from '../ours/browsed-snapshot.ts';
import { openEngine } from '../ours/open-engine.ts';
import { runCodexBackup } from '../ours/whole-command.ts';
import { tarArchive } from '../peers/tar.ts';
import type { Bench, Finding, Row } from '../row.ts';

export const oneFile: Row = {
  name: 'one-file',
  describe: 'one file out, in a running engine and as a whole command, against tar -xzf ARCHIVE FILE',
  measure,
};

async function measure({ workspace, rounds }: Bench): Promise<readonly Finding[]> {
  const tree = await codexTree(workspace);
  const place = await browsedSnapshot(workspace);
  const archive = await tarArchive(workspace);
  const engine = openEngine(place);
  // Any would do: tar reads an archive to its end whatever it looks for.
  const file = tree.files[Math.floor(tree.files.length / 2)] ?? '';
  const output = workspace.newPath('one-file');
  const folder = workspace.newFolder('one-file-tar');
  const expected = readFileSync(join(tree.root, file));
  const requireEqual = (path: string): void => {
    if (!readFileSync(path).equals(expected)) throw new Error(`${path} is not what ${file} holds.`);
  };
  const measured = await interleave(
    [
      {
        name: 'engine',
        measure: async () => {
          const took = await timed(async () => writeFile(output, await engine.cat('latest', file)));
          requireEqual(output);
          return took;
        },
      },
      {
        name: 'command',
        measure: async () => {
          const took = await runCodexBackup(place, ['cat', 'latest', file], { stdout: output });
          requireEqual(output);
          return took;
        },
      },
      {
        name: 'tar',
        measure: async () => {
          const took = await runCommand('tar', ['-xzf', archive.file, '-C', folder, `./${file}`]);
          requireEqual(join(folder, file));
          return took;
        },
      },
    ],
    rounds,
  );
  await engine.close();
  const peer = { name: 'tar -xzf ARCHIVE FILE', samples: samplesOf(measured, 'tar') };
  return [
    {
      what: 'one file out, in a running engine',
      unit: 'ms',
      ours: samplesOf(measured, 'engine'),
      peer,
      bound: { kind: 'ratio', atMost: 0.05 },
    },
    {
      what: 'one file out, whole command',
      unit: 'ms',
      ours: samplesOf(measured, 'command'),
      peer,
      bound: { kind: 'ratio', atMost: 0.4 },
    },
  ];
}
