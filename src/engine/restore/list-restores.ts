import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { RestoreRecord } from '../../shared/restore-plan.ts';
import { restoresFolder } from '../folders.ts';
import { readJournal } from './journal.ts';
import type { BeginRecord, JournalRecord } from './journal-records.ts';
import { isRestoreId, journalFile, type RestoreFolder, restoreFolderOf } from './restore-folder.ts';

/** A restore of the past, or one that was interrupted, with what its journal says. */
export interface PastRestore {
  readonly folder: RestoreFolder;
  /** Undefined where a crash came before anything was written. */
  readonly begin: BeginRecord | undefined;
  readonly records: readonly JournalRecord[];
  readonly state: Exclude<RestoreRecord['state'], 'running'>;
}

/** Every restore of a root, the newest first. */
export function listRestores(root: string): readonly PastRestore[] {
  const found = restoreIds(root).map((id) => openRestore(root, id));
  const undone = new Set(
    found.flatMap(({ begin, state }) => (begin?.what === 'undo' && state === 'restored' ? [begin.source] : [])),
  );
  return found.map((each) =>
    each.state === 'restored' && undone.has(each.folder.id) ? { ...each, state: 'undone' } : each,
  );
}

/** Restores that neither ended nor were rolled back: a crash ended the process that made them. */
export const findInterrupted = (root: string): readonly PastRestore[] =>
  listRestores(root).filter(({ state }) => state === 'interrupted');

/** What a user sees of a restore. */
export function describeRestore({ folder, begin, state }: PastRestore): RestoreRecord {
  const { what = 'restore', source = '', scope = '' } = begin ?? {};
  return { id: folder.id, what, source, scope, state, folder: folder.path, bytes: measure(folder.path) };
}

function openRestore(root: string, id: string): PastRestore {
  const folder = restoreFolderOf(root, id);
  const records = readJournal(journalFile(folder));
  const begin = records.find((record) => record.kind === 'begin');
  const end = records.find((record) => record.kind === 'end');
  if (begin !== undefined && begin.root !== folder.root) {
    throw new AppError('journal-damaged', `${journalFile(folder)} belongs to another folder: ${begin.root}.`, {
      hint: 'The Codex folder was renamed since. Rename it back, then run "codex-backup recover".',
    });
  }
  return { folder, begin, records, state: end?.outcome ?? 'interrupted' };
}

function restoreIds(root: string): readonly string[] {
  try {
    return readdirSync(restoresFolder(root)).filter(isRestoreId).sort().reverse();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return [];
    if (code === undefined) throw error;
    // A restore that was interrupted may be in there, so nothing may go on as if there were none.
    throw new AppError('io', `The folder ${restoresFolder(root)} can not be read: ${code}.`, {
      hint: 'It keeps what restores replaced. Check its permissions and its disk, then try again.',
      cause: error,
    });
  }
}

function measure(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, entry) => sum + (lstatSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}
