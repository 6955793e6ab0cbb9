import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Before all tests: bundles the command line once, and gives all processes that they start one cache of compiled
 * modules. Else each of the hundreds of app homes has to fill its own, and the first runs make a bundle each.
 */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'codex-backup-warm-'));
  process.env['NODE_COMPILE_CACHE'] = join(folder, 'compile');
  const launcher = join(import.meta.dirname, '../../bin/codex-backup.js');
  const env = { ...process.env, CODEX_BACKUP_HOME: join(folder, 'home') };
  const { status, stderr } = spawnSync(process.execPath, [launcher, '--version'], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The command line does not start: ${stderr}`);
  // A worker that ends may still write to the cache.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
