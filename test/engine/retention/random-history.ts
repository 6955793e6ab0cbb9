import fc from 'fast-check';
import type { HistoryItem } from '../../../src/engine/retention/history.ts';
import type { RetentionRules } from '../../../src/shared/retention.ts';

const hourMs = 3_600_000;
const epochMs = Date.parse('2025-10-25T20:00:00Z');

interface Step {
  readonly gapMs: number;
  readonly pinned: boolean;
  readonly isSafety: boolean;
  readonly hasGoodBrain: boolean;
  readonly hasGoodArchive: boolean;
  readonly ownBytes: number;
  /** Links the archive of the snapshot before it. */
  readonly links: boolean;
}

/** Usual gaps, none at all, sleep, and clocks that jump by years in both directions. */
const gap = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 40 * hourMs }) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -30 * 24 * hourMs, max: 60 * 24 * hourMs }) },
  { weight: 1, arbitrary: fc.constantFrom(10, -10, 1, -1).map((years) => years * 365 * 24 * hourMs) },
);

const step: fc.Arbitrary<Step> = fc.record({
  gapMs: gap,
  pinned: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  isSafety: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  hasGoodBrain: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
  hasGoodArchive: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
  ownBytes: fc.integer({ min: 1, max: 1000 }),
  links: fc.boolean(),
});

/** Snapshots as they may come to be, in any order; the first few may be of v1.5, without a sequence. */
export const randomHistory: fc.Arbitrary<readonly HistoryItem[]> = fc
  .tuple(fc.array(step, { maxLength: 40, size: 'max' }), fc.nat({ max: 3 }))
  .map(([steps, legacy]) => build(steps, legacy))
  .chain((items) => fc.shuffledSubarray([...items], { minLength: items.length }));

function build(steps: readonly Step[], legacy: number): readonly HistoryItem[] {
  let createdAtMs = epochMs;
  let archive = 0;
  const archives = steps.map(({ links }, index) => {
    if (!links) archive = index;
    return archive;
  });
  return steps.map(({ gapMs, ownBytes, links: _links, ...item }, index) => {
    createdAtMs += gapMs;
    const shared = archives.filter((each) => each === archives[index]).length;
    return {
      ...item,
      isBaseline: false,
      id: `snapshot-${String(index).padStart(3, '0')}`,
      sequence: index < legacy ? 0 : index + 1,
      createdAtMs,
      files: [
        { inode: `own-${index}`, bytes: ownBytes, links: 1 },
        { inode: `archive-${archives[index]}`, bytes: 10_000, links: shared },
      ],
    };
  });
}

/** Most rules are not set, so that others get to remove something. */
const seldom = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const count = seldom(fc.integer({ min: 1, max: 8 }));

export const randomRules: fc.Arbitrary<RetentionRules> = fc.record({
  keepLast: count,
  keepWithinDays: seldom(fc.double({ min: 0.04, max: 100, noNaN: true })),
  keepHourly: count,
  keepDaily: count,
  keepWeekly: count,
  keepMonthly: count,
  keepYearly: count,
  maxBytes: seldom(fc.integer({ min: 1000, max: 100_000 })),
});

/** Rules that want at least what the others want: each number greater, or a rule more. */
export const longerRules = (rules: RetentionRules): fc.Arbitrary<RetentionRules> =>
  randomRules.map((more) => {
    const isSet = Object.values(rules).some((value) => value !== undefined);
    if (!isSet) return rules;
    const sum = (a: number | undefined, b: number | undefined) => (a === undefined ? b : a + (b ?? 0));
    return {
      keepLast: sum(rules.keepLast, more.keepLast),
      keepWithinDays: sum(rules.keepWithinDays, more.keepWithinDays),
      keepHourly: sum(rules.keepHourly, more.keepHourly),
      keepDaily: sum(rules.keepDaily, more.keepDaily),
      keepWeekly: sum(rules.keepWeekly, more.keepWeekly),
      keepMonthly: sum(rules.keepMonthly, more.keepMonthly),
      keepYearly: sum(rules.keepYearly, more.keepYearly),
      maxBytes: sum(rules.maxBytes, more.maxBytes),
    };
  });
