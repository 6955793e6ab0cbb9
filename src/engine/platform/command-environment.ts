/** Variables that steer Node, npm, Electron, the shell that starts a command, or this program itself. */
const steering =
  /^(npm_|NPM_CONFIG_|CODEX_BACKUP_|ELECTRON_|VITEST|BASH_FUNC_)|^(NODE_OPTIONS|NODE_PATH|NODE_ENV|NODE_CHANNEL_FD|NODE_UNIQUE_ID|NODE_V8_COVERAGE|INIT_CWD|BASH_ENV|ENV|SHELLOPTS|BASHOPTS|IFS|PS4|PWD|OLDPWD|_)$/i;

/** What code from a registry needs to install and build, and none of the user's secrets. */
const needed =
  /^(HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TERM|CI|SSH_AUTH_SOCK|XDG_\w+|(https?|all|no)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|NVM_DIR|VOLTA_HOME|FNM_DIR|PNPM_HOME|COREPACK_HOME|DEVELOPER_DIR|SDKROOT)$/i;

/**
 * The environment for a command. `services`: the user's own, less what steers Node, npm, Electron or us, as Codex's
 * stop and start commands expect it. `packages`: only what installing and building needs, since others' code runs there.
 */
export function commandEnvironment(
  own: NodeJS.ProcessEnv,
  path: string,
  purpose: 'services' | 'packages',
): Readonly<Record<string, string>> {
  const kept = Object.entries(withoutSteering(own)).filter(([name]) => purpose === 'services' || needed.test(name));
  return { ...Object.fromEntries(kept), PATH: path };
}

/** An environment less the variables that steer Node, npm, Electron, shells or this program. */
export function withoutSteering(own: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && !steering.test(name)) kept[name] = value;
  }
  return kept;
}
