import { type Phase, progressShare } from '../shared/progress.ts';
import type { JobState } from '../shared/protocol/jobs.ts';

/** Phases in the order in which they usually end; some run side by side. */
const backUpPhases: readonly Phase[] = ['wait', 'brain', 'databases', 'walk', 'check', 'code', 'read-back', 'publish'];
const restorePhases: readonly Phase[] = ['stage', 'stop', 'safety', 'swap', 'rebuild', 'start'];

/** How far a job is in all, 0 to 1; it never goes back when its phases alternate. */
export function jobShare({ kind, progress, passed }: JobState): number {
  const order = kind === 'backUp' ? backUpPhases : kind === 'restore' || kind === 'undo' ? restorePhases : [];
  if (progress === null) return 0;
  const current = order.indexOf(progress.phase);
  if (current === -1) return order.length === 0 ? progressShare(progress) : 1;
  const before = Math.max(-1, ...passed.map(({ phase }) => order.indexOf(phase)));
  return (current > before ? current + progressShare(progress) : before + 1) / order.length;
}
