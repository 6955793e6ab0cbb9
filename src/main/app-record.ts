import type { AppRecord } from '../shared/app-messages.ts';

export interface AppRecordFacts {
  readonly executable: string;
  /** Of this process, after the executable. */
  readonly arguments: readonly string[];
  readonly pid: number;
  readonly startedMs: number;
}

/** Arguments that are about one start, not about how the app is started. */
const ofOneStart = /^--(backup|boot|hidden|restore(=.*)?)$/;

/** How to start this app again, as the command line finds it in the app home. */
export function planAppRecord({ executable, arguments: given, pid, startedMs }: AppRecordFacts): AppRecord {
  const kept = given.filter((argument, index) => !ofOneStart.test(argument) && given[index - 1] !== '--restore');
  return { format: 1, executable, arguments: kept, pid, startedAt: new Date(startedMs).toISOString() };
}

/** What to start: an AppImage lies mounted in another place at each start, so it is the image itself. */
export function findExecutable(execPath: string, { APPIMAGE, APPDIR }: NodeJS.ProcessEnv): string {
  return APPIMAGE !== undefined && APPDIR !== undefined && execPath.startsWith(`${APPDIR}/`) ? APPIMAGE : execPath;
}
