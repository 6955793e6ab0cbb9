import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { namingFile, syncFolder, writeFully, writeNewFile } from '../platform/durable-file.ts';
import { type JournalRecord, journalRecord } from './journal-records.ts';

/** The journal of one restore: what was begun, what was done. Each record is on the disk before `append` returns. */
export interface Journal {
  readonly file: string;
  append(record: JournalRecord): void;
  /** Everything up to now. */
  records(): readonly JournalRecord[];
  close(): void;
}

/** Room for the records of a rollback on a disk that is full by then. It does not compress. */
const reserveBytes = 256 * 1024;
const reserveFile = (file: string): string => `${file}.reserve`;

/** Starts a journal; the file must not exist. */
export function createJournal(file: string): Journal {
  const fd = openSync(file, 'wx', 0o600);
  writeNewFile(reserveFile(file), randomBytes(reserveBytes));
  syncFolder(dirname(file));
  return journalOn(fd, file, [], 0);
}

/** Opens a journal to go on with it, without the line that a crash may have torn. */
export function continueJournal(file: string): Journal {
  const { records, bytes } = parseJournal(file);
  const fd = openSync(file, 'r+');
  namingFile(file, () => {
    ftruncateSync(fd, bytes);
    fsyncSync(fd);
  });
  return journalOn(fd, file, records, bytes);
}

/** The records of a journal; none where there is no file. */
export function readJournal(file: string): readonly JournalRecord[] {
  return parseJournal(file).records;
}

function journalOn(fd: number, file: string, earlier: readonly JournalRecord[], bytes: number): Journal {
  const records = [...earlier];
  let isOpen = true;
  let end = bytes;
  // At its place: what a failed attempt has left there is written over, and never stands between two lines.
  const write = (line: Uint8Array): void =>
    namingFile(file, () => {
      writeFully(fd, line, end);
      fsyncSync(fd);
    });
  return {
    file,
    append: (record) => {
      const line = Buffer.from(encodeLine(records.length + 1, record));
      try {
        write(line);
      } catch (error) {
        if (!freeReserve(file, error)) throw error;
        write(line);
      }
      end += line.length;
      records.push(record);
    },
    records: () => records,
    close: () => {
      if (isOpen) closeSync(fd);
      isOpen = false;
      removeReserve(file);
    },
  };
}

/** All that the journal is about has ended: what can't be removed now is told, and goes with the restore's folder. */
function removeReserve(file: string): void {
  try {
    rmSync(reserveFile(file), { force: true });
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    process.emitWarning(`${reserveFile(file)} could not be removed: ${String(error)}`);
  }
}

/** Gives a full disk back what was kept for this; false where that is not what is wrong, or it was given already. */
function freeReserve(file: string, error: unknown): boolean {
  const code = systemErrorCode(error);
  if ((code !== 'ENOSPC' && code !== 'EDQUOT') || !existsSync(reserveFile(file))) return false;
  rmSync(reserveFile(file));
  return true;
}

/** `{"n":3,"record":{…},"sha256":"…"}`: the hash is over the line up to its own member. */
function encodeLine(n: number, record: JournalRecord): string {
  const body = JSON.stringify({ n, record }).slice(0, -1);
  return `${body},"sha256":"${sha256(body)}"}\n`;
}

const lineEnd = /,"sha256":"([0-9a-f]{64})"}$/;

function decodeLine(line: string, n: number): JournalRecord | undefined {
  const [end = '', expected] = lineEnd.exec(line) ?? [];
  const body = line.slice(0, line.length - end.length);
  if (expected === undefined || sha256(body) !== expected) return undefined;
  const value: unknown = JSON.parse(`${body}}`);
  if (typeof value !== 'object' || value === null || !('n' in value) || value.n !== n || !('record' in value)) {
    return undefined;
  }
  const parsed = journalRecord.safeParse(value.record);
  return parsed.success ? parsed.data : undefined;
}

function parseJournal(file: string): { readonly records: readonly JournalRecord[]; readonly bytes: number } {
  const lines = readText(file).split('\n');
  const records: JournalRecord[] = [];
  let bytes = 0;
  for (const [index, line] of lines.entries()) {
    // What follows the last line break is nothing, or a line that a crash tore.
    const record = index < lines.length - 1 ? decodeLine(line, index + 1) : undefined;
    if (record === undefined) {
      if (index < lines.length - 2) throw damaged(file, index + 1);
      break;
    }
    records.push(record);
    bytes += Buffer.byteLength(line) + 1;
  }
  return { records, bytes };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

function damaged(file: string, line: number): AppError {
  return new AppError('journal-damaged', `Line ${line} of the journal ${file} can not be believed.`, {
    hint: `Nothing was changed. What was replaced lies in ${dirname(file)}/replaced; docs/restore.md says how to go on.`,
  });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
