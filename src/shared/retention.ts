/** What to keep: a snapshot stays if any rule wants it. Without a rule all stay. Documented in docs/retention.md. */
export interface RetentionRules {
  readonly keepLast?: number | undefined;
  /** In use: gaps between snapshots count as a week at most. */
  readonly keepWithinDays?: number | undefined;
  readonly keepHourly?: number | undefined;
  readonly keepDaily?: number | undefined;
  readonly keepWeekly?: number | undefined;
  readonly keepMonthly?: number | undefined;
  readonly keepYearly?: number | undefined;
  readonly maxBytes?: number | undefined;
}

/** What pruning does, or would do. Both lists are newest first, and every snapshot is in one of them. */
export interface PrunePlan {
  readonly keep: readonly { readonly id: string; readonly reasons: readonly string[] }[];
  readonly remove: readonly { readonly id: string; readonly reason: string }[];
  /** What removing all of them together frees. */
  readonly freedBytes: number;
}
