import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CodeEntry } from '../code/code-entry.ts';
import { walkCode } from '../code/walk.ts';
import type { CodeSource, SourceEntry } from './code-source.ts';
import type { GatherCodeOptions } from './gather-code.ts';
import { liesBelow } from './path-tree.ts';

/**
 * Of paths that are covered today and not in the snapshot, those that the snapshot would have held if they had been
 * there: its include and exclude lists and its .gitignore files cover them, and it did not skip them. Only they were
 * removed since; what it did not cover stays.
 */
export async function findCoveredThen(
  { source, signal }: Pick<GatherCodeOptions, 'source' | 'signal'>,
  candidates: readonly CodeEntry[],
): Promise<readonly CodeEntry[]> {
  const skipped = new Set(source.skipped.map(({ path }) => path));
  const unskipped = candidates.filter(({ path }) => !skipped.has(path) && !liesBelow(path, skipped));
  if (unskipped.length === 0) return [];
  const scratch = mkdtempSync(join(tmpdir(), 'codex-backup-rules-'));
  try {
    await buildShadow(scratch, source, unskipped);
    const { entries } = await walkCode({
      root: scratch,
      include: source.include,
      exclude: source.exclude,
      backups: join(scratch, '.no-backups'),
      databasePaths: [],
      signal,
    });
    const covered = new Set(entries.map(({ path }) => path));
    return unskipped.filter(({ path }) => covered.has(path));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A tree of empty files with the candidates' names and the snapshot's rule files, for the walk to judge. */
async function buildShadow(scratch: string, source: CodeSource, candidates: readonly CodeEntry[]): Promise<void> {
  for (const { path, kind } of candidates) {
    const place = join(scratch, path);
    mkdirSync(kind === 'folder' ? place : dirname(place), { recursive: true });
    if (kind !== 'folder') writeFileSync(place, '');
  }
  for (const entry of source.entries.filter(isRuleFile)) {
    const place = join(scratch, entry.path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, await source.readText(entry.path));
  }
}

const isRuleFile = ({ path, kind }: SourceEntry): boolean => kind === 'file' && /(^|\/)\.gitignore$/.test(path);
