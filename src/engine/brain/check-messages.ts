import type { TableCount } from '../../shared/model.ts';
import type { TableFact } from './database-facts.ts';

/** What the source said in the moment that the copy shows. */
export interface ExpectedFacts {
  readonly pageCount: number;
  readonly tables: readonly TableFact[];
}

/** What the check process is asked for. */
export interface CheckRequest {
  readonly id: number;
  /** `staged`: our fresh copy, which is made to need no side files. `published`: not changed in any way. */
  readonly kind: 'staged' | 'published';
  readonly file: string;
  /** For a published copy that can't be opened where it lies without leaving side files there. */
  readonly scratchFolder: string | null;
  readonly expected: ExpectedFacts | null;
  /** Runs quick_check before anything else reads the file. */
  readonly untrusted: boolean;
}

export interface DatabaseCheck {
  /** `ok`, or the first messages of integrity_check. */
  readonly integrity: string;
  /** Counted up to 100,000. A violation is about the data, not about the copy. */
  readonly foreignKeyViolations: number;
  readonly tables: readonly TableCount[];
  readonly pageCount: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly userVersion: number;
  /** Where the copy differs from its source, or is not fit to be published. */
  readonly problems: readonly string[];
  /** What could not be looked at, such as foreign keys whose definition doesn't fit. */
  readonly notes: readonly string[];
}

export type CheckReply =
  | { readonly id: number; readonly kind: 'checked'; readonly check: DatabaseCheck }
  | { readonly id: number; readonly kind: 'failed'; readonly systemCode: string; readonly message: string };

/** Reads what came over the channel. Undefined for anything but a whole reply: a crash must not pass for an answer. */
export function parseCheckReply(message: unknown): CheckReply | undefined {
  if (!isRecord(message) || typeof message['id'] !== 'number') return undefined;
  const { id, kind, check, systemCode, message: text } = message;
  if (kind === 'checked' && isDatabaseCheck(check)) return { id, kind, check };
  if (kind === 'failed' && typeof systemCode === 'string' && typeof text === 'string') {
    return { id, kind, systemCode, message: text };
  }
  return undefined;
}

function isDatabaseCheck(value: unknown): value is DatabaseCheck {
  if (!isRecord(value)) return false;
  const { integrity, foreignKeyViolations, tables, pageCount, bytes, sha256, userVersion, problems, notes } = value;
  return (
    [foreignKeyViolations, pageCount, bytes, userVersion].every((item) => Number.isSafeInteger(item)) &&
    typeof integrity === 'string' &&
    integrity !== '' &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    Array.isArray(tables) &&
    tables.every(isTableCount) &&
    [problems, notes].every((list) => Array.isArray(list) && list.every((item) => typeof item === 'string'))
  );
}

function isTableCount(value: unknown): value is TableCount {
  if (!isRecord(value)) return false;
  const { name, rows, maxRowid } = value;
  return typeof name === 'string' && Number.isSafeInteger(rows) && (maxRowid === null || typeof maxRowid === 'number');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
