import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HistoryItem, newestFirst } from '../../../src/engine/retention/history.ts';
import { planRetention } from '../../../src/engine/retention/plan-retention.ts';
import type { PrunePlan, RetentionRules } from '../../../src/shared/retention.ts';
import { longerRules, randomHistory, randomRules } from './random-history.ts';

const numRuns = 10_000 * Number(process.env['SCALE'] ?? 1);

/** Nothing is removed by rules that are refused. */
function plan(
  history: readonly HistoryItem[],
  rules: RetentionRules,
  alarm: string | null = null,
): PrunePlan | undefined {
  try {
    return planRetention(history, rules, alarm);
  } catch (error) {
    expect(error).toMatchObject({ code: 'retention-keeps-nothing' });
    return undefined;
  }
}

const idsOf = (items: readonly { readonly id: string }[] = []) => new Set(items.map(({ id }) => id));

test(`C51 D57 D62: over ${numRuns} histories and clocks the newest good ones, pins and safety snapshots survive, and nothing is removed twice`, () => {
  let removals = 0;
  let refusals = 0;
  fc.assert(
    fc.property(randomHistory, randomRules, (history, rules) => {
      const made = plan(history, rules);
      if (made === undefined) refusals += 1;
      const { keep, remove, freedBytes } = made ?? { keep: history, remove: [], freedBytes: 0 };
      removals += remove.length;
      const removed = idsOf(remove);
      expect(removed.size).toBe(remove.length);
      expect(keep.length + remove.length).toBe(history.length);
      expect(new Set([...removed, ...idsOf(keep)]).size).toBe(history.length);
      const ordered = newestFirst(history);
      const survivors = [
        ordered.find(({ hasGoodBrain }) => hasGoodBrain),
        ordered.find(({ hasGoodArchive }) => hasGoodArchive),
        ...ordered.filter(({ pinned }) => pinned),
      ];
      for (const item of survivors) expect(removed.has(item?.id ?? '')).toBe(false);
      expect(freedBytes).toBe(countFreed(history, removed));
    }),
    { numRuns },
  );
  expect(removals).toBeGreaterThan(numRuns);
  expect(refusals).toBeLessThan(numRuns / 4);
});

/** By hand: bytes of inodes that no kept snapshot names. */
function countFreed(history: readonly HistoryItem[], removed: ReadonlySet<string>): number {
  const kept = new Set(
    history.filter(({ id }) => !removed.has(id)).flatMap(({ files }) => files.map(({ inode }) => inode)),
  );
  const all = new Map(history.flatMap(({ files }) => files.map(({ inode, bytes }) => [inode, bytes] as const)));
  return [...all].filter(([inode]) => !kept.has(inode)).reduce((sum, [, bytes]) => sum + bytes, 0);
}

test('a longer policy never removes more', () => {
  const both = randomRules.chain((rules) => fc.tuple(fc.constant(rules), longerRules(rules)));
  fc.assert(
    fc.property(randomHistory, both, (history, [rules, longer]) => {
      const shorter = plan(history, rules);
      if (shorter === undefined) return;
      const removed = idsOf(shorter.remove);
      for (const { id } of plan(history, longer)?.remove ?? []) expect(removed.has(id)).toBe(true);
    }),
    { numRuns: numRuns / 2 },
  );
});

test('a plan that was carried out plans nothing more, and one that was broken off goes on', () => {
  fc.assert(
    fc.property(randomHistory, randomRules, fc.nat(), (history, rules, broken) => {
      const first = plan(history, rules);
      if (first === undefined) return;
      const removed = idsOf(first.remove);
      expect(
        plan(
          history.filter(({ id }) => !removed.has(id)),
          rules,
        )?.remove ?? [],
      ).toEqual([]);
      // Oldest first, as pruning does it.
      const gone = idsOf(first.remove.toReversed().slice(0, broken % (first.remove.length + 1)));
      const rest = plan(
        history.filter(({ id }) => !gone.has(id)),
        rules,
      );
      expect([...idsOf(rest?.remove)]).toEqual([...removed].filter((id) => !gone.has(id)));
    }),
    { numRuns: numRuns / 2 },
  );
});

test('while an alarm stands nothing is removed', () => {
  fc.assert(
    fc.property(randomHistory, randomRules, (history, rules) => {
      expect(plan(history, rules, 'memory was lost')?.remove ?? []).toEqual([]);
    }),
    { numRuns: numRuns / 10 },
  );
});
