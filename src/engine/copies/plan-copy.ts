import type { PrunePlan, RetentionRules } from '../../shared/retention.ts';
import type { HistoryItem } from '../retention/history.ts';
import { planRetention } from '../retention/plan-retention.ts';
import type { CopiedFile, StoredFrom } from './copy-store.ts';

/** A snapshot, as planning sees it, wherever it lies. */
export interface CopyCandidate extends Omit<HistoryItem, 'files' | 'isBaseline'> {
  /** All but the manifest. */
  readonly files: readonly CopiedFile[];
}

export interface CopyFacts {
  /** What may be copied. */
  readonly source: readonly CopyCandidate[];
  /** What is there whole. */
  readonly stored: readonly CopyCandidate[];
  /** What has arrived of others: sizes of files by the id. */
  readonly incoming: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** The rules of the copy; without any, nothing is ever removed. */
  readonly rules: RetentionRules;
  /** Why nothing may be removed at this time, or null. */
  readonly alarm: string | null;
  readonly canLink: boolean;
}

export type CopyWay =
  | { readonly kind: 'arrived' }
  | { readonly kind: 'link'; readonly from: StoredFrom }
  /** `arrivedBytes` of it may be there already. */
  | { readonly kind: 'send'; readonly arrivedBytes: number };

export interface PlannedFile extends CopiedFile {
  readonly way: CopyWay;
}

export interface CopyPlan {
  /** Newest first: if the disk burns meanwhile, it is the newest that counts. */
  readonly add: readonly { readonly id: string; readonly files: readonly PlannedFile[] }[];
  /** Removed before anything travels: no rule wants them, with the new ones or without. */
  readonly removeFirst: readonly string[];
  /** Removed when all has arrived. */
  readonly removeLast: readonly string[];
  /** What is on its way and will not be wanted. */
  readonly dropIncoming: readonly string[];
  readonly sendBytes: number;
  readonly linkBytes: number;
}

/** What makes a copy hold what it should: what is missing, what of it need not travel, and what goes. Pure. */
export function planCopy(facts: CopyFacts): CopyPlan {
  const { source, stored, incoming, rules, alarm } = facts;
  const held = new Set(stored.map(({ id }) => id));
  const missing = source
    .filter(({ id }) => !held.has(id))
    .toSorted((a, b) => b.sequence - a.sequence || (a.id < b.id ? 1 : -1));
  const kept = keptBy(planOf([...missing, ...stored], rules, alarm));
  const unwanted = stored.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
  const keptAlone = keptBy(planOf(stored, rules, alarm));
  const removeFirst = unwanted.filter((id) => !keptAlone.has(id));
  const add = planFiles(
    facts,
    missing.filter(({ id }) => kept.has(id)),
    new Set(removeFirst),
  );
  const coming = new Set(add.map(({ id }) => id));
  const files = add.flatMap((snapshot) => snapshot.files);
  return {
    add,
    removeFirst: removeFirst.toReversed(),
    removeLast: unwanted.filter((id) => keptAlone.has(id)).toReversed(),
    dropIncoming: [...incoming.keys()].filter((id) => !coming.has(id)),
    sendBytes: sumOf(files, 'send'),
    linkBytes: sumOf(files, 'link'),
  };
}

function planOf(snapshots: readonly CopyCandidate[], rules: RetentionRules, alarm: string | null): PrunePlan {
  return planRetention(asHistory(snapshots), rules, alarm);
}

const keptBy = ({ keep }: PrunePlan): ReadonlySet<string> => new Set(keep.map(({ id }) => id));

const sumOf = (files: readonly PlannedFile[], kind: CopyWay['kind']): number =>
  files.reduce((sum, { way, bytes }) => sum + (way.kind === kind ? bytes : 0), 0);

/** Equal bytes count once, as they are linked where the place can. */
function asHistory(snapshots: readonly CopyCandidate[]): readonly HistoryItem[] {
  const links = new Map<string, number>();
  for (const { sha256 } of snapshots.flatMap(({ files }) => files)) links.set(sha256, (links.get(sha256) ?? 0) + 1);
  return snapshots.map((snapshot) => ({
    ...snapshot,
    isBaseline: false,
    files: snapshot.files.map(({ sha256, bytes }) => ({ inode: sha256, bytes, links: links.get(sha256) ?? 1 })),
  }));
}

function planFiles(
  { stored, incoming, canLink }: CopyFacts,
  wanted: readonly CopyCandidate[],
  going: ReadonlySet<string>,
): CopyPlan['add'] {
  const known = new Map<string, StoredFrom>();
  for (const { id, files } of stored) {
    if (!going.has(id)) for (const { file, sha256 } of files) known.set(sha256, { id, file });
  }
  return wanted.map(({ id, files }) => {
    const there = incoming.get(id);
    const planned = files.map((file): PlannedFile => {
      const from = known.get(file.sha256);
      if (there?.get(file.file) === file.bytes) return { ...file, way: { kind: 'arrived' } };
      if (canLink && from !== undefined) return { ...file, way: { kind: 'link', from } };
      return { ...file, way: { kind: 'send', arrivedBytes: there?.get(file.file) ?? 0 } };
    });
    for (const { file, sha256 } of files) if (!known.has(sha256)) known.set(sha256, { id, file });
    return { id, files: planned };
  });
}
