import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { type Snapshot, snapshotFiles } from '../../shared/model.ts';
import { parseSnapshotId } from '../../shared/snapshot-id.ts';
import { describeDamaged, describeLegacy, describePublished, looksLegacy } from './describe-snapshot.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { listMetaIds, type Meta, noMeta, readMeta } from './meta.ts';

/** A snapshot with what only the engine needs. */
export interface CatalogEntry {
  readonly snapshot: Snapshot;
  /** Null for `legacy` ones, and where it can't be believed. */
  readonly manifest: Manifest | null;
  readonly meta: Meta;
  /** Files that are missing, have another size, or were damaged at the last verification. */
  readonly damagedFiles: ReadonlySet<string>;
}

/** Every snapshot of a backups folder, newest first, judged by what can be seen without reading its parts. */
export function readCatalog(backups: string): readonly CatalogEntry[] {
  const withMeta = listMetaIds(backups);
  const entries = snapshotIds(backups).flatMap((id) => openIfThere(backups, id, withMeta.has(id)) ?? []);
  return entries.sort(newestFirst);
}

/** One snapshot of a backups folder; `hasMeta` false spares the look for its record. AppError `snapshot-missing`. */
export function openSnapshot(backups: string, id: string, hasMeta = true): CatalogEntry {
  const entry = openIfThere(backups, id, hasMeta);
  if (entry !== undefined) return entry;
  throw missingSnapshot(`${join(backups, id)} is not there any more.`, 'See what is with "codex-backup list".');
}

/** Undefined for one that was removed since it was listed. */
function openIfThere(backups: string, id: string, hasMeta: boolean): CatalogEntry | undefined {
  const path = join(backups, id);
  try {
    const entry = judgeSnapshot(path, id, hasMeta ? readMeta(backups, id) : noMeta);
    const isWhole = entry.manifest !== null && entry.damagedFiles.size === 0;
    return isWhole || !isGone(path) ? entry : undefined;
  } catch (error) {
    if (isGone(path)) return undefined;
    throw error;
  }
}

/** Only what is not there: what a failing disk does not show is not gone. */
const isGone = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) === undefined;

function judgeSnapshot(path: string, id: string, meta: Meta): CatalogEntry {
  const known = { id, path, pinned: meta.pinned, note: meta.note };
  const damagedFiles = new Set<string>();
  if (looksLegacy(path) && (meta === noMeta || meta.legacy)) {
    return { snapshot: { ...known, ...describeLegacy(path, id) }, manifest: null, meta, damagedFiles };
  }
  try {
    const manifest = readManifest(join(path, snapshotFiles.manifest));
    if (manifest.id !== id) throw new AppError('snapshot-damaged', `${path} holds the manifest of ${manifest.id}.`);
    return { ...describePublished(known, manifest, meta), manifest, meta };
  } catch (error) {
    if (!(error instanceof AppError) && systemErrorCode(error) === undefined) throw error;
    return { snapshot: { ...known, ...describeDamaged(path, id, error) }, manifest: null, meta, damagedFiles };
  }
}

/** The newest snapshot whose Brain is good: what growth, exposure and retention are measured from. */
export function findBaseline(entries: readonly CatalogEntry[]): CatalogEntry | undefined {
  return entries.find(hasGoodBrain);
}

export function hasGoodBrain({ snapshot: { brain }, damagedFiles }: CatalogEntry): boolean {
  return brain !== null && brain.integrity === 'ok' && !damagedFiles.has(brain.file);
}

/** The newest snapshot whose archive and index are good, skipped files or not: what packs are reused from. */
export function findArchiveToReuse(entries: readonly CatalogEntry[]): CatalogEntry | undefined {
  return entries.find(hasGoodArchive);
}

export function hasGoodArchive({ manifest, damagedFiles }: CatalogEntry): boolean {
  return (
    manifest !== null &&
    manifest.code !== null &&
    !damagedFiles.has(snapshotFiles.code) &&
    !damagedFiles.has(snapshotFiles.index)
  );
}

/** Finds the snapshot that a user means: an id, a unique prefix of it, or `latest`. */
export function resolveSnapshot(backups: string, reference: string): CatalogEntry {
  if (reference === 'latest') {
    const [latest] = readCatalog(backups);
    if (latest !== undefined) return latest;
    throw missingSnapshot(`There is no snapshot in ${backups} yet.`, 'Take one with "codex-backup run".');
  }
  return openSnapshot(backups, findReferenced(snapshotIds(backups), reference, backups));
}

/** The one id that is meant, by itself or by its beginning, among those in `place`. */
export function findReferenced(ids: readonly string[], reference: string, place: string): string {
  const matches = ids.filter(
    (id) => id.startsWith(reference) || id.slice('codex-backup-'.length).startsWith(reference),
  );
  const exact = matches.find((id) => id === reference) ?? (matches.length === 1 ? matches[0] : undefined);
  if (exact !== undefined) return exact;
  if (matches.length === 0) {
    throw missingSnapshot(`No snapshot in ${place} is named "${reference}".`, 'See them with "codex-backup list".');
  }
  throw new AppError('snapshot-ambiguous', `"${reference}" fits ${matches.length} snapshots.`, {
    hint: `Name more of it: ${matches.slice(0, 3).join(', ')}${matches.length > 3 ? ', …' : ''}`,
    details: { matches },
  });
}

const missingSnapshot = (message: string, hint: string): AppError =>
  new AppError('snapshot-missing', message, { hint });

function snapshotIds(backups: string): readonly string[] {
  try {
    return readdirSync(backups, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && parseSnapshotId(entry.name) !== undefined)
      .map((entry) => entry.name);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    if (systemErrorCode(error) !== 'EACCES' && systemErrorCode(error) !== 'EPERM') throw error;
    throw new AppError('backups-unreadable', `${backups} can not be read: ${systemErrorCode(error)}.`, {
      hint: 'Check the permissions of the folder.',
      cause: error,
    });
  }
}

/** By sequence, which no clock can change; legacy ones, which have none, by name below all others. */
function newestFirst(a: CatalogEntry, b: CatalogEntry): number {
  const bySequence = b.snapshot.sequence - a.snapshot.sequence;
  if (bySequence !== 0) return bySequence;
  return a.snapshot.id < b.snapshot.id ? 1 : -1;
}
