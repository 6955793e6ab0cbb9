import { join } from 'node:path';
import type { DatabasePart } from '../../shared/model.ts';
import { compareRows, type RowComparison } from '../brain/compare-rows.ts';
import { sideSuffixes } from '../brain/side-files.ts';
import { lookAt } from './live-entry.ts';

/** A database of a snapshot, and what lies in its place now. */
export interface DatabaseFacts {
  readonly part: DatabasePart;
  readonly isBrain: boolean;
  /** Bytes of the file with its side files; 0 where there is none. */
  readonly bytesNow: number;
  /** Undefined where it is missing, locked, damaged or no database at all. */
  readonly now: RowComparison | undefined;
}

/** Looks at the live databases; each is open for a moment only. */
export function gatherDatabases(root: string, brain: DatabasePart | null, others: readonly DatabasePart[]) {
  const parts = brain === null ? others : [brain, ...others];
  return parts.map((part): DatabaseFacts => {
    const path = join(root, part.path);
    const files = [path, ...sideSuffixes.map((suffix) => path + suffix)];
    const bytesNow = files.reduce((sum, file) => sum + Number(lookAt(file)?.size ?? 0n), 0);
    const isThere = lookAt(path)?.isFile() === true;
    return { part, isBrain: part === brain, bytesNow, now: isThere ? compareRows(path, part.tables) : undefined };
  });
}
