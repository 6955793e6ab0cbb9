import type { CopyRecord } from './copy-state.ts';
import type { CopiedFile, StoredFrom } from './copy-store.ts';

/** After how many days all of a copy has been read back, and the newest of it restored on trial; 0: never. */
export interface CopyCheckRules {
  readonly verifyDays: number;
  readonly drillDays: number;
}

const dayMs = 86_400_000;
/** So many parts are all of it: one each week. */
const partsIn = (days: number): number => Math.max(1, Math.ceil(days / 7));

/** The check of a copy that is due, by what is known of it. Pure; a time that lies ahead is one of a wrong clock. */
export function planCopyCheck(record: CopyRecord, rules: CopyCheckRules, nowMs: number): 'verify' | 'drill' | null {
  const { sinceMs, sampledAtMs, drill } = record;
  if (sinceMs === null) return null;
  const isDue = (fromMs: number, days: number): boolean => days > 0 && Math.abs(nowMs - fromMs) >= days * dayMs;
  // The first after a day, so that one knows early that it comes back; one that failed is repeated daily.
  const drillDays = drill?.ok === true ? rules.drillDays : Math.min(1, rules.drillDays);
  if (isDue(drill?.atMs ?? sinceMs, drillDays)) return 'drill';
  return isDue(sampledAtMs ?? sinceMs, rules.verifyDays / partsIn(rules.verifyDays)) ? 'verify' : null;
}

export interface StoredFile extends CopiedFile, StoredFrom {}

/** By which the bytes of a file are known in the record. */
export const shortHash = (sha256: string): string => sha256.slice(0, 16);

/** The files to read now: those that were read longest ago, a week's part of all bytes, and equal bytes once. Pure. */
export function chooseSample(
  files: readonly StoredFile[],
  verified: CopyRecord['verified'],
  verifyDays: number,
): readonly StoredFile[] {
  const parts = partsIn(verifyDays);
  const distinct = [...new Map(files.map((file) => [file.sha256, file])).values()];
  const atMs = ({ sha256 }: StoredFile): number => verified[shortHash(sha256)]?.atMs ?? 0;
  const oldestFirst = distinct.toSorted((a, b) => atMs(a) - atMs(b));
  const wantedBytes = distinct.reduce((sum, { bytes }) => sum + bytes, 0) / parts;
  const sample: StoredFile[] = [];
  let bytes = 0;
  for (const file of oldestFirst) {
    if (sample.length > 0 && bytes >= wantedBytes && sample.length >= distinct.length / parts) break;
    sample.push(file);
    bytes += file.bytes;
  }
  return sample;
}
