import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';

const hash = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** The commit that the root's repository has checked out, read from its files (git is never run); null without one. */
export function readGitCommit(root: string): string | null {
  const head = readIfThere(join(root, '.git', 'HEAD'))?.trim();
  if (head === undefined) return null;
  if (hash.test(head)) return head;
  const [, reference] = /^ref: (refs\/[\w./-]+)$/.exec(head) ?? [];
  if (reference === undefined || reference.includes('..')) return null;
  const loose = readIfThere(join(root, '.git', reference))?.trim();
  if (loose !== undefined && hash.test(loose)) return loose;
  const packed = readIfThere(join(root, '.git', 'packed-refs')) ?? '';
  const line = packed.split('\n').find((candidate) => candidate.endsWith(` ${reference}`));
  return line?.split(' ')[0] ?? null;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // No repository, a worktree's `.git` file, a folder of that name, or not ours to read: no commit is named then.
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}
