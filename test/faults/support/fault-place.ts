import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createEngine, type Engine, type EngineOptions } from '../../../src/engine/index.ts';
import { type CliEnding, endingOf, launcher } from '../../cli/support/spawn-cli.ts';
import { createBrain } from '../../helpers/brain.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** How often the loops of these tests run: `SCALE=10` runs them ten times longer. */
export const scale = Number(process.env['SCALE'] ?? 1);

export const brainPath = 'codex-brain/codex-brain-data/codex-brain.db';
export const ledgerPath = 'codex-hands/data/hands.sqlite';

/** A small Codex folder with an app home of its own, and both ways to work on it. */
export interface FaultPlace {
  readonly folder: string;
  readonly root: string;
  readonly backups: string;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** An engine in this process, closed by the caller. */
  engine(options?: EngineOptions): Engine;
  /** Starts `codex-backup ARGS --root … --backups …`; `wrapper` is a command that runs it, such as `strace -f`. */
  start(args: readonly string[], options?: StartOptions): ChildProcess;
  /** As `start`, and waits for its end. */
  run(args: readonly string[], options?: StartOptions): Promise<CliEnding>;
}

export interface StartOptions extends Pick<SpawnOptions, 'uid' | 'gid' | 'detached'> {
  readonly wrapper?: readonly string[] | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
}

export interface PlaceOptions {
  /** Else `<root>/backups`. */
  readonly backups?: string;
  /** Else a temporary one of the running test. */
  readonly folder?: string;
  readonly brainBytes?: number;
  readonly journalMode?: 'wal' | 'delete';
}

/** Makes the folder: a Brain, another database, and a few files of code. */
export function createFaultPlace(options: PlaceOptions = {}): FaultPlace {
  const folder = options.folder ?? temporaryFolder();
  const root = join(folder, 'Codex');
  const home = join(folder, 'app home');
  const backups = options.backups ?? join(root, 'backups');
  fillRoot(root, options);
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$|CODEX_|VITEST)/.test(name));
  const env = { ...Object.fromEntries(own), HOME: folder, TMPDIR: folder, CODEX_BACKUP_HOME: home };
  const start = (args: readonly string[], { wrapper = [], environment, ...rest }: StartOptions = {}): ChildProcess => {
    const [command = '', ...parameters] = [...wrapper, process.execPath, launcher, ...args];
    const folders = ['--root', root, ...(args.includes('--backups') ? [] : ['--backups', backups])];
    return spawn(command, [...parameters, ...folders], { cwd: folder, env: { ...env, ...environment }, ...rest });
  };
  return {
    folder,
    root,
    backups,
    home,
    env,
    engine: (given = {}) => createEngine({ root, backups, home, env: {}, ...given }),
    start,
    run: (args, given) => endingOf(start(args, given)),
  };
}

function fillRoot(root: string, { brainBytes = 100_000, journalMode = 'delete' }: PlaceOptions = {}): void {
  const files = {
    'package.json': '{ "name": "codex" }\n',
    '.gitignore': 'node_modules/\nbackups/\ncodex-brain-data/\n',
    'codex-brain/package.json': '{ "name": "codex-brain" }\n',
    'codex-brain/src/index.js': 'export const brain = true;\n'.repeat(50),
    'codex-bridge/package.json': '{ "name": "codex-bridge" }\n',
    'codex-bridge/src/a/deep/route.js': 'export const route = 1;\n',
    'codex-hands/package.json': '{ "name": "codex-hands" }\n',
    'codex-voice/tone.txt': Array.from({ length: 4000 }, (_, i) => `${i * 7919} `).join(''),
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  for (const path of [brainPath, ledgerPath]) mkdirSync(dirname(join(root, path)), { recursive: true });
  createBrain(join(root, brainPath), { journalMode, bytes: brainBytes });
  createBrain(join(root, ledgerPath), { journalMode: 'delete' });
}

/** Names of the published snapshots, in the order of their names. */
export function snapshotNames(backups: string): readonly string[] {
  return readdirSync(backups)
    .filter((name) => name.startsWith('codex-backup-'))
    .sort();
}

/** What is in the backups folder besides snapshots and the three folders that belong there. */
export function leftOvers(backups: string): readonly string[] {
  const strays = readdirSync(backups).filter((name) => !/^(codex-backup-.*|\.meta|\.locks)$/.test(name));
  const inside = ['.meta', '.locks'].flatMap((folder) =>
    readdirSync(join(backups, folder))
      .filter((name) => name.endsWith('.tmp'))
      .map((name) => join(folder, name)),
  );
  return [...strays, ...inside];
}
