import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprint } from '../../../bin/open-program.js';

const project = join(import.meta.dirname, '../../..');
const prefix = 'codex-panel-built-';
const keptMs = 24 * 3_600_000;

/** Folder of the built renderer, as the product is built. Built once for as long as its sources stay the same. */
export function builtPanel(): string {
  const print = fingerprint(project, ['src/renderer', 'src/shared'], ['package.json', 'vite.config.ts']);
  const folder = join(tmpdir(), `${prefix}${print.slice(0, 24)}`);
  if (existsSync(join(folder, 'index.html'))) return folder;
  removeOld();
  const made = mkdtempSync(join(tmpdir(), 'codex-panel-making-'));
  const vite = join(project, 'node_modules/vite/bin/vite.js');
  const parameters = [vite, 'build', '--logLevel', 'warn', '--outDir', made, '--emptyOutDir'];
  // The test runner's own NODE_ENV would make it React's development build, which is slower, and not what users have.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { status, stderr } = spawnSync(process.execPath, parameters, { cwd: project, encoding: 'utf8', env });
  if (status !== 0) throw new Error(`The panel can't be built: ${stderr}`);
  try {
    renameSync(made, folder);
  } catch {
    rmSync(made, { recursive: true, force: true }); // another test process was quicker
  }
  return folder;
}

/** Not those of today: another working copy may be using its own. */
function removeOld(): void {
  for (const name of readdirSync(tmpdir())) {
    const path = join(tmpdir(), name);
    if (name.startsWith(prefix) && statSync(path).mtimeMs < Date.now() - keptMs) rmSync(path, { recursive: true });
  }
}
