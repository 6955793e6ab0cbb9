import { formatBytes, formatCount, formatNumber } from '../../shared/format.ts';
import type { DatabasePart } from '../../shared/model.ts';

/** A Brain as it was saved. */
export interface SavedMemories {
  readonly tables: DatabasePart['tables'];
  /** Used pages × page size. */
  readonly usedBytes: number;
}

export interface Loss {
  readonly kind: 'memory-lost' | 'suspicious';
  /** A sentence. */
  readonly message: string;
}

/** A table may lose so many rows, or this share of them, without an alarm: documents are taken in anew now and then. */
const marginRows = 10;
const marginShare = 0.05;
/** A Brain that was smaller than this says nothing by its size. */
const smallBytes = 256 * 1024;

/** What a Brain has lost against its last good copy, beyond a margin; null when nothing. */
export function findLoss(before: SavedMemories, after: SavedMemories): Loss | null {
  if (before.tables.length === 0) return null;
  if (after.tables.length === 0) {
    return { kind: 'suspicious', message: `The Brain has no tables any more; it had ${before.tables.length}.` };
  }
  const lost = before.tables.flatMap((table) => lossOfTable(table, after.tables));
  if (lost.length > 0) return { kind: 'memory-lost', message: `The Brain has lost memories: ${lost.join(', ')}.` };
  if (before.usedBytes > smallBytes && after.usedBytes * 2 < before.usedBytes) {
    const sizes = `${formatBytes(before.usedBytes)} to ${formatBytes(after.usedBytes)}`;
    return { kind: 'suspicious', message: `The Brain has shrunk from ${sizes}, with as many rows.` };
  }
  return null;
}

function lossOfTable(
  { name, rows }: DatabasePart['tables'][number],
  tables: DatabasePart['tables'],
): readonly string[] {
  const now = tables.find((table) => table.name === name)?.rows;
  const lost = rows - (now ?? 0);
  if (lost <= 0) return [];
  if (now === undefined) return [`the table ${name} with ${formatCount(rows, 'row')}`];
  if (now === 0) return [`all ${formatCount(rows, 'row')} of ${name}`];
  return lost > Math.max(marginRows, rows * marginShare)
    ? [`${formatNumber(lost)} of ${formatCount(rows, 'row')} of ${name}`]
    : [];
}
