import { codexTree } from '../inputs/codex-tree.ts';
import { interleave, samplesOf, timed } from '../measure/interleave.ts';
import { runCommand } from '../measure/run-command.ts';
import { browsedSnapshot } from '../ours/browsed-snapshot.ts';
import { openEngine } from '../ours/open-engine.ts';
import { runCodexBackup } from '../ours/whole-command.ts';
import { tarArchive } from '../peers/tar.ts';
import type { Bench, Finding, Row } from '../row.ts';

export const listEntries: Row = {
  name: 'list-entries',
  describe: 'list all entries, in a running engine and as a whole command, against tar -tzf',
  measure,
};

async function measure({ workspace, rounds }: Bench): Promise<readonly Finding[]> {
  const tree = await codexTree(workspace);
  const place = await browsedSnapshot(workspace);
  const archive = await tarArchive(workspace);
  const engine = openEngine(place);
  const output = workspace.newPath('listing');
  const measured = await interleave(
    [
      { name: 'engine', measure: () => timed(() => requireAll(engine.files('latest'), tree.files.length)) },
      { name: 'command', measure: () => runCodexBackup(place, ['files', 'latest'], { stdout: output }) },
      { name: 'tar', measure: () => runCommand('tar', ['-tzf', archive.file], { stdout: output }) },
    ],
    rounds,
  );
  await engine.close();
  const peer = { name: 'tar -tzf', samples: samplesOf(measured, 'tar') };
  return [
    {
      what: 'list all entries, in a running engine',
      unit: 'ms',
      ours: samplesOf(measured, 'engine'),
      peer,
      bound: { kind: 'ratio', atMost: 0.05 },
    },
    {
      what: 'list all entries, whole command',
      unit: 'ms',
      ours: samplesOf(measured, 'command'),
      peer,
      bound: { kind: 'ratio', atMost: 0.4 },
    },
  ];
}

async function requireAll(listing: Promise<readonly { readonly kind: string }[]>, expected: number): Promise<void> {
  const files = (await listing).filter(({ kind }) => kind !== 'folder').length;
  if (files !== expected) throw new Error(`${files} files are listed instead of ${expected}.`);
}
