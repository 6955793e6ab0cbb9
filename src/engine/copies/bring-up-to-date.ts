import type { OnProgress } from '../../shared/progress.ts';
import type { EngineContext } from '../context.ts';
import { findAlarm } from '../retention/find-alarm.ts';
import { readAlarm } from '../snapshot/alarm.ts';
import { type CatalogEntry, readCatalog } from '../snapshot/catalog.ts';
import { vouchedFiles } from '../snapshot/describe-snapshot.ts';
import { type Applied, type ApplyOptions, applyCopy } from './apply-copy.ts';
import { readCandidates, wholeOnes } from './candidates.ts';
import type { StoredSnapshot } from './copy-store.ts';
import type { OpenCopy } from './open-copy.ts';
import { planCopy } from './plan-copy.ts';
import { shortHash } from './plan-copy-check.ts';
import { newestFirst } from './read-folder.ts';

export interface BringOptions extends Pick<ApplyOptions, 'withSnapshot'> {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress | undefined;
}

export interface Brought extends Applied {
  readonly leftOut: readonly string[];
  /** All snapshots of the backups when it began. */
  readonly seen: readonly string[];
  /** What the copy holds now, newest first. */
  readonly holds: readonly StoredSnapshot[];
}

/** Makes a copy that has been identified hold what it should. */
export async function bringUpToDate(
  context: EngineContext,
  { settings, store, record }: OpenCopy,
  { signal, onProgress, withSnapshot }: BringOptions,
): Promise<Brought> {
  const backups = context.backups();
  const catalog = readCatalog(backups);
  const { candidates, leftOut } = readCandidates(catalog);
  const contents = await store.read(signal);
  const stored = wholeOnes(contents.snapshots, (sha256) => record.verified[shortHash(sha256)]?.ok === false);
  const plan = planCopy({
    source: candidates,
    stored,
    incoming: contents.incoming,
    rules: settings.retention,
    alarm: findAlarm(catalog, readAlarm(backups)),
    canLink: await store.canLink(signal),
  });
  const applied = await applyCopy(plan, { store, backups, signal, onProgress, withSnapshot });
  const holds = afterwards(contents.snapshots, applied, catalog);
  for (const { snapshot } of catalog) {
    const there = holds.find(({ id }) => id === snapshot.id);
    if (there === undefined || (there.pinned === snapshot.pinned && there.note === snapshot.note)) continue;
    await store.writeRecord(snapshot.id, { pinned: snapshot.pinned, note: snapshot.note }, signal);
  }
  return { ...applied, leftOut, seen: catalog.map(({ snapshot }) => snapshot.id), holds };
}

/** What the place holds after that. */
function afterwards(
  before: readonly StoredSnapshot[],
  { added, removed }: Applied,
  catalog: readonly CatalogEntry[],
): readonly StoredSnapshot[] {
  const others = before.filter(({ id }) => !removed.includes(id) && !added.includes(id));
  const recorded = new Map(before.map(({ id, pinned, note }) => [id, { pinned, note }]));
  const came = catalog.flatMap(({ snapshot: { id }, manifest }): StoredSnapshot[] =>
    manifest === null || !added.includes(id)
      ? []
      : [{ id, manifest, wrong: [], pinned: false, note: '', ...recorded.get(id) }],
  );
  return [...others, ...came].sort(newestFirst);
}

/** Bytes of these snapshots; what they share counts once. */
export function bytesOf(snapshots: readonly StoredSnapshot[]): number {
  const files = snapshots.flatMap(({ manifest }) => vouchedFiles(manifest));
  const distinct = new Map(files.map(({ sha256, bytes }) => [sha256, bytes]));
  return [...distinct.values()].reduce((sum, bytes) => sum + bytes, 0);
}
