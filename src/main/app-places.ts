import { homedir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'electron';
import { appHomeOf } from '../shared/app-home.ts';

/** Where everything of the app is. */
export interface AppPlaces {
  /** App home, the engine's too. */
  readonly home: string;
  readonly logs: string;
  readonly preload: string;
  readonly renderer: string;
  readonly engineEntry: string;
  readonly trayIcons: string;
}

/** Finds the places in the program's folder, and has Electron keep its own data in one of them; before `ready`. */
export function setUpPlaces(app: App, program: string, argv: readonly string[]): AppPlaces {
  const home = appHomeOf(process.env, process.platform, homedir());
  // A start for tests and for trying names another.
  if (!argv.some((argument) => argument.startsWith('--user-data-dir'))) app.setPath('userData', join(home, 'electron'));
  return {
    home,
    logs: join(home, 'logs'),
    preload: join(program, 'out', 'preload', 'index.cjs'),
    renderer: join(program, 'out', 'renderer'),
    engineEntry: join(plainNodeFolder(app, program), 'out', 'engine', 'engine-process.mjs'),
    trayIcons: join(program, 'assets', 'tray'),
  };
}

/** What runs as plain Node: in the package it lies beside the asar, with its native library. */
function plainNodeFolder(app: App, program: string): string {
  return app.isPackaged ? join(process.resourcesPath, 'program') : program;
}
