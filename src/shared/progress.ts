/** What an engine operation reports while it runs; the terminal, `--json` logs and the panel print the same events. */
export interface ProgressEvent {
  readonly phase: Phase;
  /** Done so far, in `unit`. */
  readonly done: number;
  /** Of how many; undefined while it is not known. */
  readonly total?: number;
  readonly unit: 'bytes' | 'files' | 'pages' | 'snapshots' | 'rows' | 'steps';
  /** What is being worked on, such as a path. */
  readonly subject?: string;
}

export const phases = [
  'wait',
  'brain',
  'databases',
  'check',
  'walk',
  'code',
  'read-back',
  'publish',
  'verify',
  'search',
  'stage',
  'stop',
  'safety',
  'swap',
  'rebuild',
  'start',
  'rollback',
  'prune',
] as const;
export type Phase = (typeof phases)[number];

export type OnProgress = (event: ProgressEvent) => void;

/** 0 to 1; 0 while it isn't known. */
export function progressShare(progress: ProgressEvent | null): number {
  if (progress?.total === undefined || progress.total === 0) return 0;
  return Math.min(1, progress.done / progress.total);
}
