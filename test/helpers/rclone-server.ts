import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Why remotes can't be tested here; undefined where they can. */
export const whyNoRclone = spawnSync('rclone', ['version']).status === 0 ? undefined : 'rclone is not installed';

/** In titles of tests, so that a run without rclone says what it has left out. */
export const rcloneNote = whyNoRclone === undefined ? '' : ` (skipped: ${whyNoRclone})`;

/** A real server on the loopback, and a configuration with remotes on it, plain and encrypted. */
export interface RcloneServer {
  /** What the server stores, as it stores it. */
  readonly folder: string;
  /** The configuration file: the remotes are `plain:` and, encrypted over it, `vault:`. */
  readonly config: string;
  /** Another configuration, in which some values are others: `{ pass: 'wrong' }`. */
  otherConfig(name: string, changes: Readonly<Record<string, string>>): string;
  stop(): Promise<void>;
}

const user = 'ana';
/** Looked for in everything that is printed or written. */
export const serverPassword = 'correct-horse-battery-staple';
export const vaultPassword = 'another-secret-of-the-vault';

/** Starts `rclone serve KIND` with a random port on a folder of its own. */
export async function startRcloneServer(base: string, kind: 'webdav' | 'sftp'): Promise<RcloneServer> {
  const folder = join(base, 'served');
  mkdirSync(folder, { recursive: true });
  const args = ['serve', kind, folder, '--addr', '127.0.0.1:0', '--user', user, '--pass', serverPassword];
  const env = { ...process.env, RCLONE_CONFIG: join(base, 'none.conf'), RCLONE_CACHE_DIR: join(base, 'cache') };
  const child = spawn('rclone', args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await portOf(child);
  const remote: Record<string, string> =
    kind === 'webdav'
      ? { type: 'webdav', url: `http://127.0.0.1:${port}`, vendor: 'other', user, pass: obscure(serverPassword) }
      : { type: 'sftp', host: '127.0.0.1', port: String(port), user, pass: obscure(serverPassword) };
  const vault = { type: 'crypt', remote: 'plain:vault', password: obscure(vaultPassword) };
  const write = (name: string, changes: Readonly<Record<string, string>>): string => {
    const file = join(base, name);
    writeFileSync(
      file,
      [
        section('plain', { ...remote, ...pick(changes, remote) }),
        section('vault', { ...vault, ...pick(changes, vault) }),
      ].join('\n'),
    );
    return file;
  };
  return {
    folder,
    config: write('rclone.conf', {}),
    otherConfig: write,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** As rclone's configuration has passwords. */
export const obscure = (text: string): string => execFileSync('rclone', ['obscure', text], { encoding: 'utf8' }).trim();

const section = (name: string, values: Readonly<Record<string, string>>): string =>
  [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${value}`), ''].join('\n');

const pick = (changes: Readonly<Record<string, string>>, known: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(changes).filter(([key]) => key in known));

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stderr === null) throw new Error('the server has no output');
  for await (const line of createInterface({ input: child.stderr })) {
    const [, port] = /(?:started on http:\/\/|listening on )127\.0\.0\.1:(\d+)/.exec(line) ?? [];
    if (port === undefined) continue;
    child.stderr.resume();
    return Number(port);
  }
  throw new Error('the server has ended');
}
