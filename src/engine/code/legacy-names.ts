import { parentsOf, refuseName } from './tree-names.ts';

export type CleanName = { readonly path: string } | { readonly refused: string };

/** Of one name between slashes, on every system that we know. */
const maxPartBytes = 255;

/** The name of an entry as a path below the target, without `./`, doubled and trailing slashes; '' is the target. */
export function cleanName(name: string): CleanName {
  if (name.startsWith('/')) return { refused: 'its name is absolute' };
  const path = name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
  if (path === '') return { path };
  if (path.includes('\ufffd')) return { refused: 'its name is not UTF-8' };
  if (path.split('/').some((part) => Buffer.byteLength(part) > maxPartBytes))
    return { refused: 'its name is too long' };
  const refused = refuseName(path);
  return refused === undefined ? { path } : { refused };
}

/**
 * Why a link may not be made, or undefined. Its target must stay inside, with `..` only at its beginning: the folder
 * that the link lies in is a real one, so these lead where they seem to, while one behind a name might follow a link.
 */
export function refuseLinkTarget(path: string, target: string): string | undefined {
  if (target === '') return 'it is a link to nothing';
  if (target.includes('\0')) return 'it is a link to a name with a NUL';
  if (target.startsWith('/')) return 'it is a link to an absolute path';
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const down = parts.findIndex((part) => part !== '..');
  const ups = down < 0 ? parts.length : down;
  if (parts.slice(ups).includes('..')) return 'it is a link whose target turns back';
  if (ups > parentsOf(path).length) return 'it is a link that leads out of the folder';
  return undefined;
}
