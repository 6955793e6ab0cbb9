import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fingerprint } from '../../bin/open-program.js';

const project = join(import.meta.dirname, '..', '..');

/** Something that is built from sources, and need not be built again while these are the same. */
interface Build {
  readonly name: string;
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** Says of which sources the build is. */
  readonly stamp: string;
  /** Program of a package, and its arguments. */
  readonly command: readonly string[];
}

export const panelBuild: Build = {
  name: 'the panel',
  folders: ['src/renderer', 'src/shared'],
  files: ['package.json', 'vite.config.ts'],
  stamp: 'dist/renderer.fingerprint',
  command: ['vite/bin/vite.js', 'build', '--logLevel', 'warn'],
};

export const appBuild: Build = {
  name: 'the app',
  folders: ['src', 'bin', 'sample'],
  files: ['package.json', 'vite.config.ts', 'electron.vite.config.ts'],
  stamp: 'out/app.fingerprint',
  command: ['electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'],
};

/** Builds it where its sources have changed; false when that failed, of which the builder has told. */
export function buildOnce({ name, folders, files, stamp, command }: Build, say: (line: string) => void): boolean {
  const wanted = fingerprint(project, folders, files);
  const stampFile = join(project, stamp);
  if (readStamp(stampFile) === wanted) return true;
  say(`Building ${name} …`);
  const [program = '', ...parameters] = command;
  const script = join(project, 'node_modules', program);
  const env = { ...process.env, NODE_ENV: 'production' };
  const { status } = spawnSync(process.execPath, [script, ...parameters], { cwd: project, stdio: 'inherit', env });
  if (status !== 0) return false;
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wanted);
  return true;
}

function readStamp(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it was never built
  }
}
