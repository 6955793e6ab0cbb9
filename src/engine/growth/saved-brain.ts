import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import { type DatabasePart, snapshotFiles } from '../../shared/model.ts';
import { lookAtDatabase } from '../brain/look.ts';
import type { Observation } from '../brain/observe-brain.ts';
import { type CatalogEntry, findBaseline, readCatalog } from '../snapshot/catalog.ts';
import { metaFolder } from '../snapshot/meta.ts';
import type { GrowthBaseline } from './growth-record.ts';
import { type CheckedSnapshot, readChecks } from './plan-check.ts';

/** The last good copy of the Brain, as the watcher needs it. */
export interface SavedBrain extends GrowthBaseline {
  readonly brain: DatabasePart;
}

export interface SavedState {
  readonly saved: SavedBrain | undefined;
  /** When the last snapshot that nobody asked for was taken. */
  readonly lastAutomaticAtMs: number | null;
  /** Newest first. */
  readonly checks: readonly CheckedSnapshot[];
}

/** A folder with a thousand snapshots takes a while to read; it is read again when its names change, or by this time. */
const readAgainMs = 10 * 60_000;

/** Answers what is saved in a backups folder, by whatever shell, and reads it anew only when it has changed. */
export function createSavedReader(): (backups: string, nowMs: number) => SavedState {
  let kept: { readonly key: string; readonly atMs: number; readonly state: SavedState } | undefined;
  return (backups, nowMs) => {
    const key = folderKey(backups);
    const age = kept === undefined ? Number.POSITIVE_INFINITY : nowMs - kept.atMs;
    if (kept?.key !== key || age < 0 || age > readAgainMs) {
      kept = { key, atMs: nowMs, state: readSaved(backups, kept?.state.saved) };
    }
    return kept.state;
  };
}

/**
 * Whether the Brain is known to be another than its last good copy. A time of writing that lies ahead is one of a clock
 * that was set back since, and says nothing.
 */
export function differsFromSaved(
  { facts, bytes, modifiedAtMs }: Observation,
  saved: SavedBrain | undefined,
  nowMs: number,
): boolean {
  if (saved === undefined || (modifiedAtMs > saved.atMs && modifiedAtMs <= nowMs)) return true;
  if (facts === null) return bytes !== saved.bytes;
  const { brain } = saved;
  const rowids = (tables: readonly { name: string; maxRowid: number | null }[]) =>
    tables.map(({ name, maxRowid }) => `${name}=${maxRowid}`).join(',');
  return (
    facts.pageCount !== brain.pageCount ||
    facts.schemaHash !== brain.schemaHash ||
    rowids(facts.tables) !== rowids(brain.tables)
  );
}

function readSaved(backups: string, known: SavedBrain | undefined): SavedState {
  const catalog = readCatalog(backups);
  const automatic = catalog.find(({ snapshot }) => ['growth', 'change', 'schedule'].includes(snapshot.trigger));
  return {
    saved: describeSaved(findBaseline(catalog), known),
    lastAutomaticAtMs: automatic === undefined ? null : Date.parse(automatic.snapshot.createdAt),
    checks: readChecks(catalog),
  };
}

function describeSaved(entry: CatalogEntry | undefined, known: SavedBrain | undefined): SavedBrain | undefined {
  if (entry === undefined || entry.snapshot.brain === null) return undefined;
  const { id, path, createdAt, brain } = entry.snapshot;
  if (known?.id === id) return known;
  // A copy made by v1.5 may be torn, and is never opened where it lies.
  const look = entry.manifest === null ? null : lookAtDatabase(join(path, snapshotFiles.brain));
  return { id, atMs: Date.parse(createdAt), bytes: brain.bytes, usedBytes: look?.usedBytes ?? brain.bytes, brain };
}

function folderKey(backups: string): string {
  try {
    const records = statSync(metaFolder(backups), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return `${backups} ${records} ${readdirSync(backups).sort().join(' ')}`;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return `${backups} missing`;
    throw error;
  }
}
