import { homedir } from 'node:os';
import { join } from 'node:path';
import { appHomeOf } from '../../shared/app-home.ts';

/** Where settings, state, cache and logs are: `CODEX_BACKUP_HOME`, else the system's place for application data. */
export function appHome(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  return appHomeOf(env, platform, homedir());
}

export const logFolder = (home: string): string => join(home, 'logs');
