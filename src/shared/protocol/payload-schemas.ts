import { parseSnapshotId } from '../snapshot-id.ts';
import { z } from '../zod.ts';

/** What calls are made of. A window names snapshots by id and folders by ticket; a path is always one inside a snapshot. */

export const nothing = z.strictObject({});

/** A full id: no prefix, no `latest`, so that what was clicked is what is meant. */
export const snapshotId = z
  .string()
  .max(64)
  .refine((id) => parseSnapshotId(id) !== undefined, 'is no name of a snapshot');

/** Another snapshot, or the files and databases as they are. */
export const snapshotOrNow = z.union([z.literal('now'), snapshotId]);

/** A random name that the host has given out. */
export const ticket = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/);

/** Of an entry in a snapshot, with `/`. It is looked up in the index, never on the disk. */
export const entryPath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => isInside(path), 'is no path inside a snapshot');

/** A folder of a snapshot; empty for the first level. */
export const folderPath = z.union([z.literal(''), entryPath]);

/** The name of a copy in the settings. */
export const copyName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/, 'is no name of a copy');

/** The name of one new folder. */
export const folderName = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => !/[/\\\u0000-\u001f]/.test(name) && name !== '.' && name !== '..', 'is no name of a folder');

export const limit = (most: number) => z.number().int().min(1).max(most);

function isInside(path: string): boolean {
  return !path.includes('\u0000') && path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}
