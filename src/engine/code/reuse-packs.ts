import type { CodeEntry } from './code-entry.ts';
import { type CodeIndex, groupPacks, type IndexEntry, type PackGroup } from './code-index.ts';
import type { PackJobEntry } from './pack-job.ts';
import type { PlannedPack } from './plan-packs.ts';
import { tarSeconds } from './tar-time.ts';

/** How a planned pack gets into the new archive. */
export type PackDecision =
  /** Copied from the previous archive; nothing is read. */
  | { readonly kind: 'reuse'; readonly pack: PlannedPack; readonly group: PackGroup }
  /** Copied if the files that must be read turn out to be what is stored; else written. */
  | {
      readonly kind: 'check';
      readonly pack: PlannedPack;
      readonly group: PackGroup;
      readonly job: readonly PackJobEntry[];
    }
  /** `wasStored`: some of its entries are in the previous archive, so that this is a change whatever can be read. */
  | { readonly kind: 'write'; readonly pack: PlannedPack; readonly wasStored: boolean };

export type DecidePack = (pack: PlannedPack) => PackDecision;

/** A file modified this shortly before the archive was begun may have changed again in the same tick of its clock. */
export const racyMs = 2000;

/** Compares plans with what an earlier archive stores: `previous` is its index, or undefined for "write all". */
export function createPackDecider(previous: CodeIndex | undefined, rereadAll: boolean): DecidePack {
  const groupOf = new Map<string, PackGroup>();
  const storedOf = new Map<string, IndexEntry>();
  for (const group of previous === undefined ? [] : groupPacks(previous)) {
    for (const entry of group.entries) {
      groupOf.set(entry.path, group);
      storedOf.set(entry.path, entry);
    }
  }
  const racyNs = BigInt((previous?.startedAtMs ?? 0) - racyMs) * 1_000_000n;

  return (pack) => {
    const matches = pack.entries.map((entry) => matchEntry(entry, storedOf.get(entry.path), racyNs, rereadAll));
    const group = pack.entries.map(({ path }) => groupOf.get(path)).find((found) => found !== undefined);
    const job = pack.entries.map((entry, i) => toJobEntry(entry, storedOf.get(entry.path), matches[i]));
    if (group === undefined || matches.includes('different') || !holdsTheSame(pack, group, storedOf)) {
      return { kind: 'write', pack, wasStored: group !== undefined };
    }
    return matches.every((match) => match === 'same')
      ? { kind: 'reuse', pack, group }
      : { kind: 'check', pack, group, job };
  };
}

/** `unproven`: the tar bytes are equal if the content is. `new`: a file that may have been unreadable last time. */
type Match = 'same' | 'unproven' | 'different' | 'new';

function matchEntry(entry: CodeEntry, stored: IndexEntry | undefined, racyNs: bigint, rereadAll: boolean): Match {
  if (stored === undefined) return entry.kind === 'file' ? 'new' : 'different';
  const isSameHeader =
    entry.kind === stored.kind &&
    entry.size === stored.size &&
    entry.mode === stored.mode &&
    entry.target === stored.target &&
    tarSeconds(entry.mtimeNs) === tarSeconds(stored.mtimeNs);
  if (!isSameHeader) return 'different';
  if (entry.kind !== 'file') return 'same';
  const isRacy = entry.mtimeNs >= racyNs || entry.ctimeNs >= racyNs;
  return !isRacy && !rereadAll && hasSameStats(entry, stored) ? 'same' : 'unproven';
}

/** A quick look, before packs are planned: nothing seems to be added, removed or changed. */
export function looksUnchanged(entries: readonly CodeEntry[], { entries: stored }: CodeIndex): boolean {
  if (entries.length !== stored.length) return false;
  return entries.every((entry, i) => {
    const before = stored[i];
    return before !== undefined && before.path === entry.path && hasSameStats(entry, before);
  });
}

/** Whether the index may stay as it is for this entry. Ignored files change a folder's ctime, so that says nothing. */
export function hasSameStats(entry: Omit<CodeEntry, 'dev' | 'target' | 'path'>, stored: IndexEntry): boolean {
  if (entry.mtimeNs !== stored.mtimeNs || entry.mode !== stored.mode || entry.size !== stored.size) return false;
  return entry.kind === 'folder' || (entry.ctimeNs === stored.ctimeNs && entry.ino === stored.ino);
}

function toJobEntry(entry: CodeEntry, stored: IndexEntry | undefined, match: Match | undefined): PackJobEntry {
  if (stored === undefined) return { entry };
  return { entry, stored: { sha256: stored.sha256, mustRead: match === 'unproven' } };
}

/** True when the entries that were stored before are exactly those of one group, in its order. */
function holdsTheSame(pack: PlannedPack, group: PackGroup, storedOf: ReadonlyMap<string, IndexEntry>): boolean {
  const stored = pack.entries.filter(({ path }) => storedOf.has(path));
  if (stored.length !== group.entries.length) return false;
  return stored.every(({ path }, i) => group.entries[i]?.path === path);
}
