import type { ErrorReport } from '../app-error.ts';
import type { PanelEvent } from './events.ts';

/** What a window can call over the wire; birpc pairs questions with answers. */
export interface HostFunctions {
  call(number: number, name: string, payload: unknown): Promise<Answer>;
  /** Breaks off the call with that number, if it still runs. */
  cancel(number: number): void;
}

/** What the host can call in a window. */
export interface WindowFunctions {
  event(event: PanelEvent): void;
}

/** An error travels as a report: an Error would lose its code on the way. */
export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: ErrorReport };
