import { join } from 'node:path';
import type { DatabasePart } from '../../shared/model.ts';
import type { CheckProcess } from '../brain/check.ts';
import type { CatalogEntry } from '../snapshot/catalog.ts';
import type { Problem } from '../snapshot/problem.ts';
import { openCodeSource } from './code-source.ts';
import { compareLive } from './live-entry.ts';

export interface CompareTreeOptions {
  readonly checker: CheckProcess;
  readonly scratchFolder: string;
  readonly signal: AbortSignal;
}

/** Compares a restored tree with the snapshot: every entry by kind, content and mode, every database by its rows. */
export async function compareTree(
  entry: CatalogEntry,
  target: string,
  options: CompareTreeOptions,
): Promise<readonly Problem[]> {
  if (entry.manifest === null) return [];
  const problems: Problem[] = [];
  for (const expected of openCodeSource(entry)?.entries ?? []) {
    options.signal.throwIfAborted();
    const found = compareLive(join(target, expected.path), expected);
    const message = found === undefined ? 'is missing' : found.isSame ? undefined : 'differs from the snapshot';
    if (message !== undefined) problems.push({ file: expected.path, message });
  }
  const { brain, databases } = entry.snapshot;
  for (const part of [brain, ...databases].filter((each) => each !== null)) {
    problems.push(...(await compareDatabase(part, target, options)));
  }
  return problems;
}

async function compareDatabase(
  part: DatabasePart,
  target: string,
  { checker, scratchFolder, signal }: CompareTreeOptions,
): Promise<readonly Problem[]> {
  const file = join(target, part.path);
  const { integrity, tables } = await checker.checkPublishedDatabase({ file, scratchFolder, signal });
  const rows = new Map(tables.map((table) => [table.name, table.rows]));
  const wrong = part.tables.filter((table) => rows.get(table.name) !== table.rows);
  return [
    ...(integrity === part.integrity ? [] : [`integrity check says: ${integrity}`]),
    ...wrong.map((table) => `table ${table.name} has ${rows.get(table.name) ?? 'no'} rows instead of ${table.rows}`),
  ].map((message) => ({ file: part.path, message }));
}
