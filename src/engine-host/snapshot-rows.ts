import type { DatabasePart, Snapshot } from '../shared/model.ts';
import type { SnapshotRow } from '../shared/protocol/status-views.ts';

/** The history as rows, newest first like the snapshots; changes are against the next older one with a Brain. */
export function toSnapshotRows(snapshots: readonly Snapshot[]): readonly SnapshotRow[] {
  let older: DatabasePart | null = null;
  const rows = snapshots.toReversed().map((snapshot) => {
    const row = toRow(snapshot, older);
    older = snapshot.brain ?? older;
    return row;
  });
  return rows.reverse();
}

function toRow(snapshot: Snapshot, older: DatabasePart | null): SnapshotRow {
  const { id, createdAt, sequence, trigger, status, pinned, note, durationMs, diskBytes, brain, code } = snapshot;
  return {
    id,
    createdAt,
    sequence,
    trigger,
    status,
    pinned,
    note,
    durationMs,
    diskBytes,
    brainBytes: brain?.bytes ?? null,
    brainChange: brain === null || older === null ? null : brain.bytes - older.bytes,
    rowsMade: brain === null || older === null ? null : countRowsMade(brain, older),
    codeBytes: code?.bytes ?? null,
    codeFiles: code?.files ?? null,
    isSameCode: code?.linked ?? false,
    databases: snapshot.databases.length,
    skipped: snapshot.skipped.length,
    warnings: snapshot.warnings.length,
  };
}

function countRowsMade(brain: DatabasePart, older: DatabasePart): number {
  const before = new Map(older.tables.map(({ name, maxRowid }) => [name, maxRowid ?? 0]));
  return brain.tables.reduce(
    (sum, { name, maxRowid }) => sum + Math.max(0, (maxRowid ?? 0) - (before.get(name) ?? 0)),
    0,
  );
}
