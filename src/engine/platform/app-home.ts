import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where settings, state, cache and logs are: `CODEX_BACKUP_HOME`, else the system's place for application data. */
export function appHome(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const named = env['CODEX_BACKUP_HOME'];
  if (named !== undefined && named !== '') return named;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Codex Auto-Backup');
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'codex-auto-backup');
}

export const logFolder = (home: string): string => join(home, 'logs');
