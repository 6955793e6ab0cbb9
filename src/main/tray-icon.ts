import { join } from 'node:path';
import type { TrayState } from './tray-state.ts';

/** The picture of a state: on macOS a template, which the system inks; on Linux light ink, for panels are dark. */
export function trayIconPath(folder: string, { state, step }: TrayState, platform: NodeJS.Platform): string {
  const picture = state === 'running' ? `running-${step}` : state;
  return platform === 'darwin' ? join(folder, `${picture}Template.png`) : join(folder, 'linux', `${picture}.png`);
}
