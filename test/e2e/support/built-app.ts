import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { fingerprint } from '../../../bin/open-program.js';

const project = join(import.meta.dirname, '../../..');
const cache = join(project, 'node_modules/.cache/codex-backup-app');
/** What the app has beside its bundles. */
const companions = ['assets', 'bin', 'sample'];
const keptMs = 24 * 3_600_000;

/**
 * The main module of the built app, as the product is built, in a folder that stands for the project. Built once for as
 * long as the sources stay the same. It lies in the project, so that what isn't in the bundles is found.
 */
export function builtApp(): string {
  const files = ['package.json', 'vite.config.ts', 'electron.vite.config.ts', 'bin/place-modules.js'];
  const folder = join(cache, fingerprint(project, ['src'], files));
  const main = join(folder, 'out/main/index.js');
  if (existsSync(main)) return main;
  mkdirSync(cache, { recursive: true });
  // Test processes that begin together wait for the first: the system frees the lock when one dies.
  const lock = new Database(join(cache, 'build.db'), { timeout: 300_000 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    if (!existsSync(main)) build(folder);
  } finally {
    lock.close();
  }
  return main;
}

function build(folder: string): void {
  removeOld();
  const made = mkdtempSync(join(cache, 'making-'));
  cpSync(join(project, 'package.json'), join(made, 'package.json'));
  for (const name of companions) {
    if (existsSync(join(project, name))) symlinkSync(join(project, name), join(made, name));
  }
  const builder = join(project, 'node_modules/electron-vite/bin/electron-vite.js');
  const { status, stderr } = spawnSync(process.execPath, [builder, 'build', '--logLevel', 'warn'], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', CODEX_BACKUP_APP_OUT: join(made, 'out') },
  });
  if (status !== 0) throw new Error(`The app can't be built: ${stderr}`);
  renameSync(made, folder);
}

function removeOld(): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (name !== 'build.db' && statSync(path).mtimeMs < Date.now() - keptMs) rmSync(path, { recursive: true });
  }
}
