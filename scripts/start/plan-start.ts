/** What decides how `npm start` shows the panel. */
export interface StartFacts {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the user; undefined where the system has none. */
  readonly uid: number | undefined;
  readonly parameters: readonly string[];
}

/** The app, or the panel in a browser, and why. */
export type StartPlan = { readonly kind: 'app' } | { readonly kind: 'browser'; readonly reason: string };

/** Parameters that only `codex-backup panel` has. */
const ofPanel = ['--port', '--no-open', '--browser'] as const;

/** Whether the app can be shown here at all, if there is an Electron. */
export function planStart({ platform, env, uid, parameters }: StartFacts): StartPlan {
  const asked = ofPanel.find((name) => parameters.some((given) => given === name || given.startsWith(`${name}=`)));
  if (asked !== undefined) return browser(`${asked} asks for the panel in the browser`);
  if (env['CODEX_BACKUP_ELECTRON'] === 'off') return browser('CODEX_BACKUP_ELECTRON is off');
  // Whoever names one knows that it runs here.
  if (env['CODEX_BACKUP_ELECTRON']) return { kind: 'app' };
  if (platform !== 'darwin' && platform !== 'linux')
    return browser(`the app is made for macOS and Linux, not ${platform}`);
  if (env['SSH_CONNECTION']) return browser('this is a session over SSH, which has no menu bar');
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return browser('there is no display here');
  if (platform === 'linux' && uid === 0) return browser('the sandbox of Electron does not run as root');
  return { kind: 'app' };
}

const browser = (reason: string): StartPlan => ({ kind: 'browser', reason });

/** What is left for `codex-backup panel`. */
export const panelParameters = (parameters: readonly string[]): readonly string[] =>
  parameters.filter((parameter) => parameter !== '--browser');
