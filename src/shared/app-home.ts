/** Where settings, state, cache and logs are: `CODEX_BACKUP_HOME`, else the system's place for application data. */
export function appHomeOf(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
  userHome: string,
): string {
  const named = env['CODEX_BACKUP_HOME'];
  if (named !== undefined && named !== '') return named;
  if (platform === 'darwin') return `${userHome}/Library/Application Support/Codex Auto-Backup`;
  return `${env['XDG_DATA_HOME'] ?? `${userHome}/.local/share`}/codex-auto-backup`;
}
