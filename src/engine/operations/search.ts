import { join } from 'node:path';
import type { SearchHit, SearchResult } from '../../shared/results.ts';
import { searchText } from '../brain/read-copy.ts';
import type { EngineContext } from '../context.ts';
import type { SearchOptions } from '../engine.ts';
import { resolveSnapshot } from '../snapshot/catalog.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';
import { asReader } from './with-locks.ts';

const defaultLimit = 50;

/** Finds text in the memories of one snapshot: in every text column of its Brain and its other databases. */
export function search(context: EngineContext, text: string, options: SearchOptions = {}): Promise<SearchResult> {
  return asReader(context, 'search', async () => {
    const { snapshot } = resolveSnapshot(requireBackups(context), options.in ?? 'latest');
    const limit = options.limit ?? defaultLimit;
    const hits: SearchHit[] = [];
    for (const part of [snapshot.brain, ...snapshot.databases]) {
      options.signal?.throwIfAborted();
      if (part === null || hits.length > limit) continue;
      options.onProgress?.({ phase: 'search', done: hits.length, unit: 'rows', subject: part.path });
      const found = await searchText(join(snapshot.path, part.file), text, limit + 1 - hits.length);
      hits.push(...found.map((hit) => ({ id: snapshot.id, database: part.path, ...hit })));
    }
    return { hits: hits.slice(0, limit), truncated: hits.length > limit };
  });
}
