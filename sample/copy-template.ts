import { chmodSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Copies the template's files. A leading `dot-` becomes a dot: git and npm would act on a real `.gitignore`, and leave
 * a real `.env` out. `.js` files with a `#!` line lose their mode in some archives, so bins are made executable here.
 */
export function copyTemplate(source: string, target: string): void {
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const from = join(source, entry.name);
    const to = join(target, entry.name.replace(/^dot-/, '.'));
    if (entry.isDirectory()) copyTemplate(from, to);
    else copyFileSync(from, to);
    if (entry.name === 'codex-build.js') chmodSync(to, 0o755);
    if (entry.name === 'dot-env') chmodSync(to, 0o600);
  }
}
