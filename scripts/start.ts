// npm start: shows the panel. The menubar app is not part of this version, so it opens in the browser.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '../bin/open-program.js';

const project = join(import.meta.dirname, '..');
const stamp = join(project, 'dist', 'renderer.fingerprint');

process.exitCode = await start();

async function start(): Promise<number> {
  process.stdout.write(
    'The menubar app needs Electron, which is not installed here: the panel opens in the browser.\n',
  );
  const wanted = fingerprint(project, ['src/renderer', 'src/shared'], ['package.json', 'vite.config.ts']);
  if (readStamp() !== wanted) {
    process.stdout.write('Building the panel …\n');
    const code = await run(join(project, 'node_modules', 'vite', 'bin', 'vite.js'), ['build', '--logLevel', 'warn']);
    if (code !== 0) return code;
    mkdirSync(join(project, 'dist'), { recursive: true });
    writeFileSync(stamp, wanted);
  }
  return run(join(project, 'bin', 'codex-backup.js'), ['panel', ...process.argv.slice(2)]);
}

function readStamp(): string {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return ''; // it was never built
  }
}

/** Signals of the terminal reach both; those of others are passed on. */
function run(script: string, parameters: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [script, ...parameters], { cwd: project, stdio: 'inherit' });
  const passOn = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      for (const signal of signals) process.off(signal, passOn);
      resolve(code ?? 1);
    });
  });
}
