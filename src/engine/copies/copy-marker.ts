import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/app-error.ts';
import { z } from '../../shared/zod.ts';
import { parseJson } from '../platform/parse-json.ts';
import { absent } from './copy-failure.ts';

/** The file that names a copy, so that an empty mount point or another disk is not taken for it. */
export const markerName = '.codex-backup-copy.json';

const markerSchema = z.object({
  version: z.literal(1),
  copyId: z.string().min(1).max(100),
  /** Which backups folder it is a copy of. */
  source: z.string().min(1).max(100),
  createdAt: z.iso.datetime(),
});

export type CopyMarker = z.infer<typeof markerSchema>;

export function newMarker(source: string, nowMs: number): CopyMarker {
  return { version: 1, copyId: randomUUID(), source, createdAt: new Date(nowMs).toISOString() };
}

export const formatMarker = (marker: CopyMarker): string => `${JSON.stringify(marker, null, 2)}\n`;

/** What a marker file says; AppError `copy-absent` where that can't be understood. */
export function parseMarker(text: string, place: string): CopyMarker {
  const parsed = markerSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw absent(place, `its ${markerName} can not be understood`, 'Look at that file; nothing was written.');
}

export interface Expected {
  /** The id of the copy when it was last used; null if it never was. */
  readonly copyId: string | null;
  readonly source: string;
}

/**
 * What to do with a place: its marker is right, or it has none and may be given one. Throws where it is another copy's,
 * or an empty one where a known copy was.
 */
export function judgeMarker(found: CopyMarker | undefined, expected: Expected, place: string): 'right' | 'new' {
  if (found === undefined) {
    if (expected.copyId === null) return 'new';
    throw absent(
      place,
      'nothing there says that it is the copy (an empty mount point, or another disk)',
      'Connect its disk. If the copy is to begin anew there, run "codex-backup copy NAME --anew".',
    );
  }
  if (expected.copyId !== null && found.copyId !== expected.copyId) {
    throw absent(
      place,
      'another copy lies there',
      'Connect the right disk. If this one is to take its place, run "codex-backup copy NAME --anew".',
    );
  }
  if (found.source === expected.source) return 'right';
  throw new AppError('copy-foreign', `${place} is the copy of other backups.`, {
    hint: 'Choose another folder. To go on with what lies there on a new machine: "codex-backup adopt".',
  });
}
