import type { ChildProcess } from 'node:child_process';
import type { Page } from 'playwright-core';
import type { Desktop, DesktopOptions } from './desktop-record.ts';

/** A start of an app. */
export interface LaunchOptions {
  /** The built main module. */
  readonly main: string;
  readonly args?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly desktop?: DesktopOptions;
}

/** The desktop, from the test's own process. */
export type RemoteDesktop = {
  readonly [Name in keyof Desktop]: (...args: Parameters<Desktop[Name]>) => Promise<Awaited<ReturnType<Desktop[Name]>>>;
};

/** A running app, whichever host it runs on. */
export interface AppDriver {
  readonly desktop: RemoteDesktop;
  /** The main process. */
  readonly child: ChildProcess;
  /** Resolves when the main process has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** The page of a window, as Playwright has it. */
  page(windowId: number): Promise<Page>;
  /** All that the app has printed. */
  written(): string;
  /** Ends it as the user does, or with SIGKILL where that takes too long; resolves when nothing of it runs. */
  dispose(): Promise<void>;
}

/** Something that apps run on. */
export interface AppHost {
  readonly name: string;
  launch(options: LaunchOptions): Promise<AppDriver>;
}

/** Turns calls of a desktop into messages. */
export function createRemoteDesktop(ask: (name: string, args: readonly unknown[]) => Promise<unknown>): RemoteDesktop {
  return new Proxy({} as RemoteDesktop, {
    get: (_, name) => (typeof name === 'string' ? (...args: readonly unknown[]) => ask(name, args) : undefined),
  });
}
