import { spawn } from 'node:child_process';
import { root } from '@codex/shared';

/** Takes the boot backup and gives its exit code. */
export function runBackup() {
  const backup = spawn('node', ['scripts/codexAutoBackup.js'], { cwd: root, stdio: 'inherit' });
  return new Promise((resolve) => {
    backup.on('error', (error) => {
      console.error(`[boot] codexAutoBackup did not start: ${error.message}`);
      resolve(1);
    });
    backup.on('exit', (code) => resolve(code));
  });
}
