import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { config, root } from '@codex/shared';

/** Looks at the Brain's size and starts a backup when it grew by more than the threshold since the last look (v1.5). */
export function watchGrowth(path) {
  const { enabled, thresholdBytes } = config.brainWatcher;
  if (!enabled || process.env.CODEX_BRAIN_WATCHER === 'off') return;
  const seconds = Number(process.env.CODEX_BRAIN_WATCH_SECONDS ?? config.brainWatcher.intervalSeconds);

  let lastSize = statSync(path).size;
  setInterval(() => {
    const size = statSync(path).size;
    const grown = size - lastSize;
    lastSize = size;
    if (grown > thresholdBytes) startBackup(grown);
  }, seconds * 1000).unref();
}

function startBackup(grown) {
  console.log(`[brain] grew by ${grown} bytes, backing up`);
  const backup = spawn('node', ['scripts/codexAutoBackup.js'], { cwd: root, stdio: 'inherit' });
  backup.on('error', (error) => console.error(`[brain] codexAutoBackup did not start: ${error.message}`));
  backup.on('exit', (code) => console.log(`[brain] codexAutoBackup exited with code ${code}`));
}
