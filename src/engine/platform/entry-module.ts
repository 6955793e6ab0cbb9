import { basename, extname } from 'node:path';

/**
 * A module that a thread or a child process begins with: `path`, without its extension, from the module at `moduleUrl`.
 * In a bundle it is a piece beside that one; the launcher finds the calls of this function, so both are literals.
 */
export function entryModule(path: string, moduleUrl: string): URL {
  const extension = extname(new URL(moduleUrl).pathname);
  if (extension === '.ts') return new URL(`${path}.ts`, moduleUrl);
  return new URL(`./${basename(path)}${extension}`, moduleUrl);
}
