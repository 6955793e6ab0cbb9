import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readSmallFile } from '../code/read-small-file.ts';
import { readFolderIfThere } from '../platform/read-if-there.ts';

const bootManager = 'codex-boot-manager';
const mostFiles = 200;
const mostBytes = 256 * 1024;

/** A property that says where a service lies: `folder: 'codex-ears'`, `"cwd": "codex-ears"`. */
const placeProperty =
  /["']?\b(?:folder|dir|directory|cwd|path|root|name|service|id)["']?\s*:\s*["'`]([^"'`\n]{1,200})["'`]/g;

/**
 * Folders that the Boot Manager's list of services names, relative to the root; none where no such list is found. It is
 * a program, which is not run: a text in it that says where something lies counts if a folder of the root has that name.
 */
export function readBootList(root: string): readonly string[] {
  const files = listSources(join(root, bootManager)).slice(0, mostFiles);
  const named = files.flatMap((file) => {
    const read = readSmallFile(file, mostBytes);
    if (read.kind !== 'content') return [];
    return [...read.bytes.toString('utf8').matchAll(placeProperty)].map(([, place = '']) =>
      place.replace(/^\.\.?\//, ''),
    );
  });
  return [...new Set(named)].filter((place) => isFolderInRoot(root, place)).sort();
}

function listSources(folder: string): readonly string[] {
  return readFolderIfThere(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist', '.git'].includes(entry.name) ? [] : listSources(path);
    return entry.isFile() && /\.(m?[jt]s|c[jt]s|json)$/.test(entry.name) ? [path] : [];
  });
}

/** One name: services lie in the root. Others, such as `src` of some option, would be folders of the Boot Manager. */
function isFolderInRoot(root: string, place: string): boolean {
  if (!/^[\w@][\w@.-]*$/.test(place)) return false;
  return statSync(join(root, place), { throwIfNoEntry: false })?.isDirectory() === true;
}
