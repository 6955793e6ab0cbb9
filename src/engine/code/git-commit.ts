import { join } from 'node:path';
import { readTextIfThere } from '../platform/read-if-there.ts';

const hash = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** The commit that the root's repository has checked out, read from its files (git is never run); null without one. */
export function readGitCommit(root: string): string | null {
  const head = readTextIfThere(join(root, '.git', 'HEAD'))?.trim();
  if (head === undefined) return null;
  if (hash.test(head)) return head;
  const [, reference] = /^ref: (refs\/[\w./-]+)$/.exec(head) ?? [];
  if (reference === undefined || reference.includes('..')) return null;
  const loose = readTextIfThere(join(root, '.git', reference))?.trim();
  if (loose !== undefined && hash.test(loose)) return loose;
  const packed = readTextIfThere(join(root, '.git', 'packed-refs')) ?? '';
  const line = packed.split('\n').find((candidate) => candidate.endsWith(` ${reference}`));
  return line?.split(' ')[0] ?? null;
}
