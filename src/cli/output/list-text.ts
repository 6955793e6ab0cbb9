import { escapeControl, formatAge, formatBytes, formatCount } from '../../shared/format.ts';
import type { CodePart, Snapshot, SnapshotStatus } from '../../shared/model.ts';
import { type Column, formatTable, type Row } from './table.ts';
import type { TextStyle } from './text-style.ts';
import { formatLocalTime } from './time-text.ts';

/** The history as a table, newest first. */
export function formatSnapshotList(snapshots: readonly Snapshot[], style: TextStyle): string {
  if (snapshots.length === 0) return 'There are no snapshots yet. Take one with "codex-backup run".';
  const rows = snapshots.map((snapshot, index) => snapshotRow(snapshot, snapshots.slice(index + 1), style));
  return `${formatTable(columns(style), rows, style.width)}\n\n${formatCount(snapshots.length, 'snapshot')}`;
}

function columns(style: TextStyle): Column[] {
  return [
    { title: 'SNAPSHOT' },
    { title: 'TAKEN', dropOrder: 6 },
    { title: 'AGE' },
    { title: 'TRIGGER', dropOrder: 5 },
    { title: 'STATUS', paint: (cell) => paintStatus(cell, style) },
    { title: 'BRAIN', align: 'right' },
    { title: 'CHANGE', align: 'right', dropOrder: 4 },
    { title: 'CODE', align: 'right', dropOrder: 2 },
    { title: 'DISK', align: 'right', dropOrder: 3 },
    { title: 'PIN' },
    { title: 'NOTE', dropOrder: 1, paint: style.dim },
  ];
}

function snapshotRow(snapshot: Snapshot, older: readonly Snapshot[], style: TextStyle): Row {
  const brainBefore = older.find(({ brain }) => brain !== null)?.brain?.bytes;
  return [
    escapeControl(snapshot.id),
    formatLocalTime(snapshot.createdAt),
    formatAge(snapshot.createdAt, style.now),
    snapshot.trigger,
    snapshot.status,
    snapshot.brain === null ? 'none' : formatBytes(snapshot.brain.bytes),
    snapshot.brain === null ? '' : formatChange(snapshot.brain.bytes, brainBefore),
    formatCode(snapshot.code),
    formatBytes(snapshot.diskBytes),
    snapshot.pinned ? 'pinned' : '',
    escapeControl(snapshot.note),
  ];
}

function formatChange(bytes: number, before: number | undefined): string {
  if (before === undefined) return '';
  if (bytes === before) return 'same';
  return bytes > before ? `+${formatBytes(bytes - before)}` : formatBytes(bytes - before);
}

function formatCode(code: CodePart | null): string {
  if (code === null) return 'none';
  return code.linked ? 'same code' : formatBytes(code.bytes);
}

/** Colours the word of a status; padding around it stays. */
export function paintStatus(text: string, style: TextStyle): string {
  const paints: Record<SnapshotStatus, (text: string) => string> = {
    verified: style.good,
    incomplete: style.warning,
    legacy: style.dim,
    damaged: style.bad,
  };
  const word = text.trim();
  const paint = Object.entries(paints).find(([status]) => status === word)?.[1];
  return paint === undefined ? text : paint(text);
}
