import type { CatalogEntry } from '../snapshot/catalog.ts';
import { vouchedFiles } from '../snapshot/describe-snapshot.ts';
import type { Manifest } from '../snapshot/manifest.ts';
import type { StoredSnapshot } from './copy-store.ts';
import type { CopyCandidate } from './plan-copy.ts';

/** The snapshots of the backups that a copy can take: not those of v1.5, which vouch for nothing, nor damaged ones. */
export function readCandidates(catalog: readonly CatalogEntry[]): {
  readonly candidates: readonly CopyCandidate[];
  readonly leftOut: readonly string[];
} {
  const candidates = catalog.flatMap(({ snapshot, manifest, damagedFiles }) =>
    manifest === null || damagedFiles.size > 0 ? [] : [candidateOf(manifest, snapshot.pinned)],
  );
  const taken = new Set(candidates.map(({ id }) => id));
  const leftOut = catalog.flatMap(({ snapshot: { id } }) => (taken.has(id) ? [] : [id]));
  return { candidates, leftOut };
}

/** Those that a copy holds whole; `isDamaged` says of some bytes that they were not what they must be when last read. */
export function wholeOnes(
  stored: readonly StoredSnapshot[],
  isDamaged: (sha256: string) => boolean,
): readonly CopyCandidate[] {
  return stored
    .filter(
      ({ manifest, wrong }) => wrong.length === 0 && !vouchedFiles(manifest).some(({ sha256 }) => isDamaged(sha256)),
    )
    .map(({ manifest, pinned }) => candidateOf(manifest, pinned));
}

function candidateOf(manifest: Manifest, pinned: boolean): CopyCandidate {
  const { id, sequence, createdAt, trigger, brain, code } = manifest;
  return {
    id,
    sequence,
    createdAtMs: Date.parse(createdAt),
    pinned,
    isSafety: trigger === 'pre-restore',
    hasGoodBrain: brain?.integrity === 'ok',
    hasGoodArchive: code !== null,
    files: vouchedFiles(manifest),
  };
}
