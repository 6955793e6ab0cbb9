// Codex Auto-Backup v1.5: copies the Brain, archives the code.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const brain = join(root, 'codex-brain', 'codex-brain-data', 'codex-brain.db');
const code = [
  'codex-brain',
  'codex-bridge',
  'codex-orchestrator',
  'codex-hands',
  'codex-voice',
  'codex-desktop',
  'codex-boot-manager',
  'packages',
  'package.json',
];

const time = new Date().toISOString().replace(/[:.]/g, '-');
const folder = join(root, 'backups', `codex-backup-${time}`);

try {
  mkdirSync(folder, { recursive: true });
  if (existsSync(brain)) copyFileSync(brain, join(folder, 'codex-brain.db'));
  const present = code.filter((name) => existsSync(join(root, name)));
  execFileSync('tar', ['-czf', join(folder, 'codex-code.tar.gz'), ...present], { cwd: root, stdio: 'inherit' });
  console.log(`[codexAutoBackup] saved ${folder}`);
} catch (error) {
  console.error(`[codexAutoBackup] failed: ${error.message}`);
  process.exit(1);
}
