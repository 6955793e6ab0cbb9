import type { Snapshot } from '../../shared/model.ts';
import { snapshotOf, vouchedFiles } from '../snapshot/describe-snapshot.ts';
import type { StoredSnapshot } from './copy-store.ts';

/** The snapshots of a copy as every shell shows them, in the same order. */
export function describeStored(place: string, stored: readonly StoredSnapshot[]): readonly Snapshot[] {
  const holders = new Map<string, number>();
  for (const { sha256 } of stored.flatMap(({ manifest }) => vouchedFiles(manifest))) {
    holders.set(sha256, (holders.get(sha256) ?? 0) + 1);
  }
  return stored.map(({ id, manifest, pinned, note, wrong }) => {
    const own = vouchedFiles(manifest).filter(({ sha256 }) => holders.get(sha256) === 1);
    const diskBytes = own.reduce((sum, { bytes }) => sum + bytes, 0);
    const path = `${place.replace(/\/$/, '')}/${id}`;
    return snapshotOf({ id, path, pinned, note }, manifest, { damagedFiles: new Set(wrong), diskBytes });
  });
}
