import { readdirSync } from 'node:fs';
import { systemErrorCode } from '../../shared/app-error.ts';

/** The processes that run now, those of other users too: the numbered folders of `/proc` (proc(5)). */
export function listPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** What this process lacks: with these nothing has been learned of the other one. */
const ownLimits = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/**
 * What `read` finds in `/proc` about another process, and `undefined` where that process doesn't let it be found:
 * it has ended (ENOENT, ESRCH), belongs to another user (EACCES, EPERM), or has something open whose path is longer
 * than a page (ENAMETOOLONG) or whose disk has gone away (ENOTCONN, ESTALE, EIO). One strange process must not keep
 * us from reading about all the others.
 */
export function unlessHidden<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined || ownLimits.has(code)) throw error;
    return undefined;
  }
}
