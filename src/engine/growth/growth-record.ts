/** What one look has seen of the Brain. */
export interface Sighting {
  /** File size with the pages that are still in the WAL. */
  readonly bytes: number;
  /** Used pages × page size. */
  readonly usedBytes: number;
  /** Changes whenever the file, its WAL, its inode or a greatest rowid does. */
  readonly stamp: string;
}

/** What growth is measured from: the Brain as of the newest snapshot whose Brain is good. */
export interface GrowthBaseline {
  readonly id: string;
  readonly atMs: number;
  readonly bytes: number;
  readonly usedBytes: number;
}

/** What the looks since the baseline come to. It outlives the watcher, in its state file. */
export interface GrowthRecord {
  /** Null while there is no good snapshot. */
  readonly baselineId: string | null;
  readonly lowestBytes: number;
  readonly lowestUsedBytes: number;
  readonly stamp: string;
  /** When the Brain was last seen as it is in the baseline. */
  readonly unchangedAtMs: number;
  /** The earliest moment at which what is not saved can have been written; null while all is saved. */
  readonly changedSinceMs: number | null;
}

/**
 * Adds a look. A new baseline starts anew from what it holds, so the record moves only with a good copy. `differs` says
 * whether the Brain is known to be another than the baseline; it counts for the first look after a baseline.
 */
export function recordLook(
  record: GrowthRecord | undefined,
  baseline: GrowthBaseline | undefined,
  sighting: Sighting,
  differs: boolean,
  nowMs: number,
): GrowthRecord {
  if (record === undefined || record.baselineId !== (baseline?.id ?? null)) {
    return firstRecord(baseline, sighting, differs, nowMs);
  }
  const isUnchanged = record.changedSinceMs === null && record.stamp === sighting.stamp;
  return {
    ...record,
    lowestBytes: Math.min(record.lowestBytes, sighting.bytes),
    lowestUsedBytes: Math.min(record.lowestUsedBytes, sighting.usedBytes),
    unchangedAtMs: isUnchanged ? nowMs : record.unchangedAtMs,
    changedSinceMs: isUnchanged ? null : (record.changedSinceMs ?? record.unchangedAtMs),
  };
}

function firstRecord(
  baseline: GrowthBaseline | undefined,
  { bytes, usedBytes, stamp }: Sighting,
  differs: boolean,
  nowMs: number,
): GrowthRecord {
  if (baseline === undefined) {
    const lowest = { lowestBytes: bytes, lowestUsedBytes: usedBytes };
    return { baselineId: null, ...lowest, stamp, unchangedAtMs: nowMs, changedSinceMs: nowMs };
  }
  return {
    baselineId: baseline.id,
    lowestBytes: Math.min(bytes, baseline.bytes),
    lowestUsedBytes: Math.min(usedBytes, baseline.usedBytes),
    stamp,
    unchangedAtMs: differs ? baseline.atMs : nowMs,
    changedSinceMs: differs ? baseline.atMs : null,
  };
}

/**
 * Lets the ages in a record stay what they are when the clock was set back since the last look; it is taken as if this
 * look came when it was due.
 */
export function followClock(
  record: GrowthRecord,
  { lookedAtMs, nextLookAtMs }: { readonly lookedAtMs: number; readonly nextLookAtMs: number },
  nowMs: number,
): GrowthRecord {
  if (nowMs >= lookedAtMs) return record;
  const shiftMs = nowMs - nextLookAtMs;
  return {
    ...record,
    unchangedAtMs: record.unchangedAtMs + shiftMs,
    changedSinceMs: record.changedSinceMs === null ? null : record.changedSinceMs + shiftMs,
  };
}

/** Growth is the larger of two, each from its lowest since the baseline, so that no VACUUM and no freed page hides it. */
export function growthOf(record: GrowthRecord, { bytes, usedBytes }: Pick<Sighting, 'bytes' | 'usedBytes'>): number {
  return Math.max(0, bytes - record.lowestBytes, usedBytes - record.lowestUsedBytes);
}
