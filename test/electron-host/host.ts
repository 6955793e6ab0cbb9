import type { EventEmitter } from 'node:events';
import type { BrowserWindow } from './browser-window.ts';
import type { Chromium } from './chromium.ts';

/** What the parts of the stand-in know of each other: one app, its Chromium, its windows. */
export const host: {
  app: EventEmitter | undefined;
  /** Started when the app is ready. */
  chromium: Promise<Chromium> | undefined;
  isReady: boolean;
  readonly windows: Set<BrowserWindow>;
} = { app: undefined, chromium: undefined, isReady: false, windows: new Set() };

export function startedChromium(): Promise<Chromium> {
  if (!host.isReady || host.chromium === undefined) throw new Error('Cannot create BrowserWindow before app is ready');
  return host.chromium;
}
