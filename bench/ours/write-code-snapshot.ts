import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeArchive } from '../../src/engine/code/archive-writer.ts';
import { type CodeIndex, readIndex, writeIndex } from '../../src/engine/code/code-index.ts';
import { syncFolder } from '../../src/engine/platform/durable-file.ts';
import { surveyRoot } from '../../src/engine/snapshot/find-databases.ts';
import { verifyArchive } from '../../src/engine/snapshot/verify-archive.ts';
import { settingsSchema } from '../../src/shared/settings.ts';

export interface WrittenCode {
  readonly folder: string;
  readonly archiveFile: string;
  readonly indexFile: string;
  readonly index: CodeIndex;
  readonly bytes: number;
  readonly sha256: string;
  /** Milliseconds of each step. */
  readonly steps: { readonly survey: number; readonly archive: number; readonly index: number };
}

/** The code part of a first snapshot, by the engine's own functions: found, written and flushed, not read back. */
export async function writeCodeSnapshot(root: string, folder: string): Promise<WrittenCode> {
  const { include, exclude, brain } = settingsSchema.parse({});
  const signal = new AbortController().signal;
  mkdirSync(folder);
  const clock = stopwatch();
  const { walk } = await surveyRoot({
    root,
    include,
    exclude,
    backups: folder,
    brainPath: brain,
    knownDatabases: [],
    findUnknown: (entries) => entries,
    signal,
  });
  const survey = clock();
  const archiveFile = join(folder, 'codex-code.tar.gz');
  const startedAtMs = Date.now();
  const written = await writeArchive({
    root,
    entries: walk.entries,
    archiveFile,
    rereadAll: false,
    startedAtMs,
    signal,
  });
  if (written.kind !== 'written') throw new Error('A first archive was not written.');
  const archive = clock();
  const indexFile = join(folder, 'code-index.json.gz');
  writeIndex(indexFile, written.index);
  syncFolder(folder);
  const { index, bytes, sha256 } = written;
  return { folder, archiveFile, indexFile, index, bytes, sha256, steps: { survey, archive, index: clock() } };
}

/** Reads it back as a snapshot does before it is published; throws when something is wrong with it. */
export async function readBackCode({ archiveFile, indexFile, bytes, sha256 }: WrittenCode): Promise<void> {
  const problems = await verifyArchive({
    archiveFile,
    index: readIndex(indexFile),
    expected: { bytes, sha256 },
    signal: new AbortController().signal,
  });
  if (problems.length > 0) throw new Error(`Reading back found ${JSON.stringify(problems)}`);
}

function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const elapsed = now - last;
    last = now;
    return elapsed;
  };
}
