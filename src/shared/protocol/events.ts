import type { WatchEvent } from '../watch-events.ts';
import type { JobState, OutputLine } from './jobs.ts';

/** What the host tells every window, unasked. `…Changed` carry no data: ask again for what is on the screen. */
export type PanelEvent =
  | { readonly kind: 'statusChanged' }
  /** Snapshots came, went or were changed, whoever did it. */
  | { readonly kind: 'snapshotsChanged' }
  | { readonly kind: 'settingsChanged' }
  | { readonly kind: 'restoresChanged' }
  /** A job began, moved (at most ten times a second) or ended. */
  | { readonly kind: 'job'; readonly job: JobState }
  | { readonly kind: 'output'; readonly job: string; readonly lines: readonly OutputLine[] }
  | { readonly kind: 'watch'; readonly event: WatchEvent }
  /** The host ends, because somebody ended it. */
  | { readonly kind: 'closing' };
