import type { Settings } from '../shared/settings.ts';

/** What the settings turn on and off, one by one. */
export type NoticeKind = keyof Settings['notify'];

/** What the user is told. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly title: string;
  readonly body: string;
  /** The view that a click opens. */
  readonly hash: string;
}
