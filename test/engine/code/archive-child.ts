/** Archives a folder in a process of its own, for faults that a test can't cause in itself; prints what came of it. */
import { existsSync } from 'node:fs';
import { writeArchive } from '../../../src/engine/code/archive-writer.ts';
import { readIndex } from '../../../src/engine/code/code-index.ts';
import { reportError } from '../../../src/shared/app-error.ts';
import { listTree } from './list-tree.ts';

const [root = '', archiveFile = '', previousFile, indexFile] = process.argv.slice(2);
try {
  const result = await writeArchive({
    root,
    entries: listTree(root),
    archiveFile,
    rereadAll: false,
    startedAtMs: Date.now() + 60_000,
    signal: new AbortController().signal,
    ...(previousFile !== undefined && indexFile !== undefined
      ? { previous: { archiveFile: previousFile, index: readIndex(indexFile) } }
      : {}),
  });
  const { kind, skipped, warnings } = result;
  const written =
    kind === 'written' ? { paths: result.index.entries.map(({ path }) => path), packs: result.packs } : {};
  console.log(JSON.stringify({ kind, skipped, warnings, ...written }));
} catch (error) {
  console.log(
    JSON.stringify({
      kind: 'failed',
      code: reportError(error).code,
      message: reportError(error).message,
      left: existsSync(archiveFile),
    }),
  );
}
