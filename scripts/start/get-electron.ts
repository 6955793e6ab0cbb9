import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The binary of Electron, or why there is none. */
export type ElectronFound = { readonly binary: string } | { readonly reason: string };

export interface GetElectronOptions {
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  /** Longest time that asking for the server, and then the download, may take. */
  readonly askMs?: number;
  readonly downloadMs?: number;
}

/** Finds Electron where npm has put its package; its binary is fetched at the first use, which needs a network. */
export async function getElectron(options: GetElectronOptions): Promise<ElectronFound> {
  const { project, env, say } = options;
  const named = env['CODEX_BACKUP_ELECTRON'];
  if (named) return existsSync(named) ? { binary: named } : { reason: `there is no ${named}` };
  const folder = join(project, 'node_modules', 'electron');
  if (!existsSync(join(folder, 'install.js'))) return { reason: 'Electron is not installed here' };
  const found = findBinary(folder, env);
  if (found !== undefined) return { binary: found };
  const server = serverOf(env);
  const { askMs = 5000, downloadMs = 5 * 60_000 } = options;
  // A proxy may be the only way there, and only the download knows how to use it.
  const isAsked = !Object.keys(env).some((name) => /^(https?|all)_proxy$/i.test(name));
  if (isAsked && !(await answers(server, askMs))) {
    return { reason: `Electron has to be downloaded once, and ${server} can not be reached` };
  }
  say(`Downloading Electron ${readVersion(folder)} from ${server} (about 120 MB, once) …`);
  const problem = await download(join(folder, 'install.js'), env, downloadMs);
  if (problem !== undefined) return { reason: `Electron could not be downloaded: ${problem}` };
  const binary = findBinary(folder, env);
  return binary === undefined ? { reason: 'the download of Electron left no program' } : { binary };
}

/** As Electron's own package finds it. */
function findBinary(folder: string, env: NodeJS.ProcessEnv): string | undefined {
  const record = join(folder, 'path.txt');
  if (!existsSync(record)) return undefined;
  const binary = join(env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), readFileSync(record, 'utf8'));
  return existsSync(binary) ? binary : undefined;
}

function readVersion(folder: string): string {
  const content: { readonly version?: unknown } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return String(content.version);
}

/** Where the binary comes from: a mirror has the same names as it has for Electron's package. */
function serverOf(env: NodeJS.ProcessEnv): string {
  const mirror = env['ELECTRON_MIRROR'] ?? env['npm_config_electron_mirror'];
  return mirror === undefined || mirror === '' ? 'https://github.com' : new URL(mirror).origin;
}

async function answers(server: string, limitMs: number): Promise<boolean> {
  try {
    await fetch(server, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(limitMs) });
    return true;
  } catch {
    return false; // Whatever the reason is, there is nothing to download from.
  }
}

function download(script: string, env: NodeJS.ProcessEnv, limitMs: number): Promise<string | undefined> {
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-4000);
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(`it took longer than ${limitMs / 60_000} min`);
    }, limitMs);
    const end = (problem: string | undefined): void => {
      clearTimeout(timer);
      resolve(problem);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code) => end(code === 0 ? undefined : (output.trim().split('\n')[0] ?? `exit code ${code}`)));
  });
}
