import { lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeNewFile } from '../platform/durable-file.ts';
import { parentsOf } from './tree-names.ts';

/** Which names a file system can't tell apart. macOS: both are true; Linux: neither, as a rule. */
export interface NameFolding {
  readonly ignoresCase: boolean;
  /** Composed and decomposed Unicode are the same. */
  readonly normalizes: boolean;
}

/** Two names that would become one. */
export interface NameCollision {
  readonly path: string;
  readonly other: string;
}

/** Finds out by creating, and removing, a file in `folder`, which must be ours alone. */
export function probeNameFolding(folder: string): NameFolding {
  const name = '.codex-backup-name-\u00e9';
  const probe = join(folder, name);
  const exists = (other: string): boolean => lstatSync(join(folder, other), { throwIfNoEntry: false }) !== undefined;
  writeNewFile(probe, Buffer.alloc(0));
  try {
    return { ignoresCase: exists(name.toUpperCase().normalize('NFC')), normalizes: exists(name.normalize('NFD')) };
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Paths that meet an earlier, differently spelled one (B32). Their parents count, whether they are listed or not. */
export function findCollisions(paths: Iterable<string>, folding: NameFolding): NameCollision[] {
  if (!folding.ignoresCase && !folding.normalizes) return [];
  const spelling = new Map<string, string>();
  const collisions: NameCollision[] = [];
  for (const path of paths) {
    for (const name of [...parentsOf(path), path]) {
      const folded = fold(name, folding);
      const other = spelling.get(folded);
      if (other === undefined) spelling.set(folded, name);
      else if (other !== name) {
        collisions.push({ path, other });
        break;
      }
    }
  }
  return collisions;
}

/** Case is folded after the way of APFS: decomposed, upper, lower ("ß" and "ss" stay different on some systems: safe). */
function fold(name: string, { ignoresCase, normalizes }: NameFolding): string {
  const normalized = normalizes ? name.normalize('NFD') : name;
  return ignoresCase ? normalized.toUpperCase().toLowerCase() : normalized;
}
