import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** What is to run for as long as the user is there, and with which variables. */
export interface ServiceProgram {
  readonly root: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A file of the system's own that describes a service, under the name by which it is called. */
export interface ServiceFile {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** One for each Codex folder. */
const nameFor = (root: string): string =>
  `codex-auto-backup-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;

/** After a failure, and while another watcher holds the lease of the root, it is tried again after so many seconds. */
const pauseSeconds = 60;

/** A systemd user unit. systemd.service(5), "Command lines": `%` and `$` are doubled, words are quoted. */
export function renderSystemdUnit({ root, command, environment }: ServiceProgram, configHome: string): ServiceFile {
  const name = `${nameFor(root)}.service`;
  const variables = Object.entries(environment).map(([key, value]) => `Environment=${quoteForUnit(`${key}=${value}`)}`);
  const text = `# Made by "codex-backup service install"; "codex-backup service remove" takes it away.
[Unit]
Description=Codex Auto-Backup watches ${escapePercent(root).replaceAll(/[\r\n]/g, ' ')}
StartLimitIntervalSec=0

[Service]
ExecStart=${command.map((word) => quoteForUnit(word).replaceAll('$', '$$$$')).join(' ')}
${variables.map((line) => `${line}\n`).join('')}Restart=on-failure
RestartSec=${pauseSeconds}

[Install]
WantedBy=default.target
`;
  return { name, file: join(configHome, 'systemd', 'user', name), text };
}

/**
 * A launchd agent. launchd.plist(5). It is a standard process: a background one gets little of a busy computer, and
 * would draw out the copy of a Brain that is being written.
 */
export function renderLaunchAgent({ root, command, environment }: ServiceProgram, home: string): ServiceFile {
  const name = `org.${nameFor(root)}`;
  const log = join(home, 'Library', 'Logs', 'Codex Auto-Backup', `${name}.log`);
  const words = command.map((word) => `    <string>${escapeXml(word)}</string>\n`).join('');
  const variables = Object.entries(environment)
    .map(([key, value]) => `    <key>${escapeXml(key)}</key>\n    <string>${escapeXml(value)}</string>\n`)
    .join('');
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Made by "codex-backup service install"; "codex-backup service remove" takes it away. -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${name}</string>
  <key>ProgramArguments</key>
  <array>
${words}  </array>
  <key>EnvironmentVariables</key>
  <dict>
${variables}  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>${pauseSeconds}</integer>
  <key>ProcessType</key>
  <string>Standard</string>
  <key>StandardErrorPath</key>
  <string>${escapeXml(log)}</string>
</dict>
</plist>
`;
  return { name, file: join(home, 'Library', 'LaunchAgents', `${name}.plist`), text };
}

const escapePercent = (text: string): string => text.replaceAll('%', '%%');

function quoteForUnit(word: string): string {
  const escaped = escapePercent(word).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped}"`;
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
