import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Every file, link and folder below a folder with its kind, mode and content; ignored files included. */
export function hashTree(folder: string, leaveOut: readonly string[] = []): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const visit = (path: string): void => {
    for (const name of readdirSync(join(folder, path)).sort()) {
      const inner = path === '' ? name : `${path}/${name}`;
      if (leaveOut.includes(inner)) continue;
      const full = join(folder, inner);
      const stats = lstatSync(full);
      const mode = (stats.mode & 0o7777).toString(8);
      if (stats.isDirectory()) {
        found[inner] = `folder ${mode}`;
        visit(inner);
      } else if (stats.isSymbolicLink()) found[inner] = `link ${readlinkSync(full)}`;
      else if (stats.isFile()) found[inner] = `file ${mode} ${sha256(readFileSync(full))}`;
      else found[inner] = 'special';
    }
  };
  visit('');
  return found;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
