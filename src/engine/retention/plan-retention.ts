import { AppError } from '../../shared/app-error.ts';
import type { PrunePlan, RetentionRules } from '../../shared/retention.ts';
import { bytesFreedBy, type HistoryItem, newestFirst } from './history.ts';
import { findProtections, type Protection, protectionWords } from './protections.ts';
import { type AppliedRule, applyRules } from './retention-rules.ts';

/**
 * What to keep and what to remove, with reasons. It looks at no clock: order is by sequence, ages are counted back from
 * the newest snapshot. Rules that want none of the snapshots are refused with AppError `retention-keeps-nothing`.
 */
export function planRetention(history: readonly HistoryItem[], rules: RetentionRules, alarm: string | null): PrunePlan {
  const ordered = newestFirst(history);
  const applied = applyRules(rules, ordered);
  if (applied.length > 0) refuseToKeepNothing(applied, rules, ordered.length);
  const protections = findProtections(history, alarm);
  const judged = ordered.map((item) => ({
    item,
    reasons: [
      ...(applied.length === 0 ? ['no rule is set'] : []),
      ...applied.filter(({ wanted }) => wanted.has(item.id)).map(({ keeps }) => keeps),
      ...(protections.get(item.id) ?? []).map((protection) => inWords(protection, alarm)),
    ],
  }));
  const unwanted = judged.filter(({ reasons }) => reasons.length === 0).map(({ item }) => item);
  const reason = applied.map(({ misses }) => misses).join(', ');
  return {
    keep: judged.filter(({ reasons }) => reasons.length > 0).map(({ item: { id }, reasons }) => ({ id, reasons })),
    remove: unwanted.map(({ id }) => ({ id, reason })),
    freedBytes: bytesFreedBy(unwanted),
  };
}

const inWords = (protection: Protection, alarm: string | null): string =>
  protection === 'alarm' ? `${protectionWords.alarm}: ${alarm}` : protectionWords[protection];

/** Also where there is no snapshot yet, rules that are all zero are a mistake. */
function refuseToKeepNothing(applied: readonly AppliedRule[], rules: RetentionRules, snapshots: number): void {
  const isAllZero = Object.values(rules).every((value) => value === undefined || value === 0);
  if (!isAllZero && (snapshots === 0 || applied.some(({ wanted }) => wanted.size > 0))) return;
  throw new AppError('retention-keeps-nothing', 'These rules would keep no snapshot at all, so nothing was removed.', {
    hint: 'Give at least one rule that keeps some, such as --keep-last 10.',
    details: { rules },
  });
}
