import { fileURLToPath } from 'node:url';
import type { LinkReport } from '../../shared/results.ts';
import type { EngineContext } from '../context.ts';
import { linkCodex } from '../link/link.ts';
import { unlinkCodex } from '../link/unlink.ts';

/** Makes Codex's own backup calls come to this program, run by the Node that runs now. */
export function link(context: EngineContext): LinkReport {
  const cliPath = fileURLToPath(new URL('../../../bin/codex-backup.js', import.meta.url));
  return linkCodex({ root: context.root(), nodePath: process.execPath, cliPath });
}

export function unlink(context: EngineContext): LinkReport {
  return unlinkCodex({ root: context.root() });
}
