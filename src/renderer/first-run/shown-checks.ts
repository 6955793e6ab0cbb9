import type { DoctorFinding } from '../../shared/results.ts';

/** What the first run asks about itself, or is about to do. */
const askedElsewhere = /^(root|no-snapshot|snapshots|coverage.*|uncovered-.*)$/;

export interface ShownChecks {
  readonly fine: readonly DoctorFinding[];
  /** Worst first. */
  readonly others: readonly DoctorFinding[];
}

/** The checks of the set-up that belong into the first run. */
export function shownChecks(findings: readonly DoctorFinding[]): ShownChecks {
  const shown = findings.filter(({ code }) => !askedElsewhere.test(code));
  const of = (level: DoctorFinding['level']) => shown.filter((finding) => finding.level === level);
  return { fine: of('ok'), others: [...of('error'), ...of('warning')] };
}
