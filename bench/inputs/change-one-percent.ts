import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodexTree } from './codex-tree.ts';

/** Appends a line to every hundredth file of a shuffled list; the same ones each time the bench runs. */
export function changeOnePercent({ root, files }: CodexTree, round: number): void {
  const count = Math.ceil(files.length / 100);
  const chosen = new Set<string>();
  for (let seed = round + 1; chosen.size < count; ) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    chosen.add(files[seed % files.length] ?? '');
  }
  for (const file of chosen) appendFileSync(join(root, file), `// changed in round ${round}\n`);
}
