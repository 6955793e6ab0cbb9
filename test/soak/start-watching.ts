import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const launcher = join(import.meta.dirname, '../../bin/codex-backup.js');

export interface Watching {
  readonly pid: number;
  counts(): { readonly snapshots: number };
  /** Ctrl-C: what it took, and what went wrong. */
  end(): Promise<{ readonly snapshots: number; readonly givenUp: number; readonly problems: readonly string[] }>;
  kill(): Promise<void>;
}

/** Starts `codex-backup watch` as a user would, and waits for its first look. */
export async function startWatching(root: string, home: string): Promise<Watching> {
  const env = { ...process.env, CODEX_BACKUP_HOME: home, CODEX_BACKUP_BUNDLE: 'off' };
  const child = spawn(process.execPath, [launcher, 'watch', '--json', '--root', root], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const problems: string[] = [];
  let snapshots = 0;
  let givenUp = 0;
  let isLocked = false;
  let isEnding = false;
  const looked = Promise.withResolvers<void>();
  const ended = once(child, 'exit');
  ended.then(() => looked.reject(new Error('the watcher ended')), looked.reject);
  createInterface({ input: child.stderr }).on('line', (line) => {
    const kind = kindOf(line);
    if (kind === 'look') looked.resolve();
    else if (kind === 'snapshot') snapshots += 1;
    else if (kind === 'solved') isLocked = false;
    else if (givesWay(kind, line)) {
      givenUp += 1;
      isLocked ||= kind === 'problem';
      return;
    }
    // What the terminal says to a Ctrl-C is no event.
    if (!isEnding && !harmless.has(kind)) problems.push(`the watcher says: ${line}`);
  });
  await looked.promise;
  return {
    pid: child.pid ?? 0,
    counts: () => ({ snapshots }),
    end: async () => {
      isEnding = true;
      child.kill('SIGINT');
      const [code] = await ended;
      if (code !== 0) problems.push(`the watcher ended with ${code}`);
      if (isLocked) problems.push('the watcher found the Brain locked to the end');
      return { snapshots, givenUp, problems };
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * Where other work slows the disk, a snapshot is given up rather than to cost the writer a write; where it stops the
 * writer in a commit, so are looks. Both are tried again.
 */
function givesWay(kind: string, line: string): boolean {
  if (kind === 'failed') return line.includes('"brain-hold-too-long"');
  return kind === 'problem' && line.includes('"brain-locked"');
}

/**
 * `clock`: a look may come late where the machine is busy. `busy`: the writer lock was asked for at that moment.
 * `solved`: its problem has been counted.
 */
const harmless: ReadonlySet<string> = new Set([
  'started',
  'look',
  'begin',
  'snapshot',
  'checking',
  'checked',
  'clock',
  'busy',
  'solved',
  'ended',
]);

function kindOf(line: string): string {
  try {
    const event: unknown = JSON.parse(line);
    return typeof event === 'object' && event !== null && 'kind' in event ? String(event.kind) : '';
  } catch {
    // Not an event: it is reported as it is.
    return '';
  }
}
