import type { AppBridge } from '../../shared/app-bridge.ts';

declare global {
  interface Window {
    /** There in the menubar app only. */
    readonly codexBackup?: AppBridge;
  }
}

/** What the menubar app gives to its pages; undefined in a browser. */
export const appBridge = (): AppBridge | undefined => window.codexBackup;
