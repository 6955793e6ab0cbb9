/**
 * One connection between a window and the host that serves it: whole texts, in order, both ways. The three carriers
 * (Electron's bridge, WebSocket, in-process) differ in nothing else.
 */
export interface Channel {
  post(text: string): void;
  /** One listener is enough; the answer stops it. */
  onText(listener: (text: string) => void): () => void;
  /** Called once when nothing more can come or go. */
  onClose(listener: (reason: string) => void): () => void;
  /** `ended`: the host itself is, so that trying again is useless; else the other side has done something wrong. */
  close(why?: 'ended'): void;
}

/** `connecting` also means: it was lost, and is being made again. `closed` is for good; the reason is for people. */
export type ConnectionState =
  | { readonly kind: 'connecting'; readonly attempts: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'closed'; readonly reason: string };

/** The window's end: makes channels, one after another when they are lost. */
export interface Carrier {
  /** Calls back for each state, the present one first. `open` comes with a fresh channel. */
  start(listener: (state: ConnectionState, channel: Channel | null) => void): void;
  close(): void;
}

/** Characters of one message from a window. What the host sends isn't limited here: it is bounded by its schemas. */
export const maxRequestLength = 256 * 1024;
