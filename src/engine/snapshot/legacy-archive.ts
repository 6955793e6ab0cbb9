import { createReadStream, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from 'tar';
import { AppError } from '../../shared/app-error.ts';
import { type Snapshot, snapshotFiles } from '../../shared/model.ts';
import type { FileListing } from '../../shared/results.ts';
import { z } from '../../shared/zod.ts';
import { replaceFile } from '../platform/durable-file.ts';
import { verifyLegacyArchive } from './verify-legacy-archive.ts';

const cacheSchema = z.object({
  bytes: z.number(),
  mtimeMs: z.number(),
  entries: z.array(
    z.object({
      path: z.string(),
      kind: z.enum(['file', 'folder', 'link']),
      bytes: z.number(),
      modifiedAt: z.string(),
      mode: z.number(),
      target: z.string().exactOptional(),
    }),
  ),
});

/** What a v1.5 archive holds. It has no index, so it is read through once; the list is kept in the app home's cache. */
export async function listLegacy(home: string, snapshot: Snapshot): Promise<readonly FileListing[]> {
  const archive = join(snapshot.path, snapshotFiles.code);
  const { size: bytes, mtimeMs } = statSync(archive);
  const cacheFile = join(home, 'cache', 'legacy', `${snapshot.id}.json`);
  const cached = readCache(cacheFile);
  if (cached !== undefined && cached.bytes === bytes && cached.mtimeMs === mtimeMs) return cached.entries;
  const { entries, problems } = await verifyLegacyArchive(archive);
  const [problem] = problems;
  if (problem !== undefined) throw damaged(archive, problem.message);
  mkdirSync(join(home, 'cache', 'legacy'), { recursive: true, mode: 0o700 });
  replaceFile(cacheFile, JSON.stringify({ bytes, mtimeMs, entries }));
  return entries;
}

/** The content of one file of a v1.5 archive, which is read up to that file. */
export async function* readLegacyFile(archive: string, path: string): AsyncIterable<Uint8Array> {
  let found = false;
  const chunks: Uint8Array[] = [];
  const parser = new Parser({
    onReadEntry: (entry) => {
      const matches = !found && entry.type === 'File' && entry.path.replace(/^\.\//, '') === path;
      if (!matches) return void entry.resume();
      found = true;
      entry.on('data', (chunk) => chunks.push(chunk));
    },
  });
  for await (const piece of createReadStream(archive, { highWaterMark: 256 * 1024 })) {
    parser.write(piece);
    yield* chunks.splice(0);
  }
  parser.end();
  yield* chunks.splice(0);
  if (!found) {
    throw new AppError('entry-missing', `${archive} holds no file ${path}.`, {
      hint: 'Name a file that "codex-backup files ID" lists.',
    });
  }
}

function readCache(file: string): z.infer<typeof cacheSchema> | undefined {
  try {
    return cacheSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Missing, cut or of an older form: a cache is made anew.
    return undefined;
  }
}

function damaged(archive: string, why: string): AppError {
  return new AppError('snapshot-damaged', `${archive} is damaged: ${why}.`, { hint: 'Use another snapshot.' });
}
