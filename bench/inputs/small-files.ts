import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '../workspace.ts';
import { createSmallBrain } from './brain.ts';

const filesPerFolder = 200;

/** A Codex with that many files of about 300 bytes, in folders of 200; answers its root. */
export async function createSmallFiles(workspace: Workspace, count: number): Promise<string> {
  const root = workspace.newFolder('small-files');
  const brain = join(root, 'codex-brain', 'codex-brain-data');
  mkdirSync(brain, { recursive: true });
  createSmallBrain(join(brain, 'codex-brain.db'));
  for (let first = 0; first < count; first += filesPerFolder) {
    const folder = join(root, 'codex-hands', `part-${first / filesPerFolder}`, 'records');
    mkdirSync(folder, { recursive: true });
    for (let number = first; number < Math.min(first + filesPerFolder, count); number += 1) {
      const text = `{ "record": ${number}, "text": "${`remembered ${number}; `.repeat(15)}" }\n`;
      writeFileSync(join(folder, `record-${number}.json`), text);
    }
  }
  return root;
}
