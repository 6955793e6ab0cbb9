import { fstatSync, read } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { systemErrorCode } from '../../shared/app-error.ts';
import { writeFully } from '../platform/durable-file.ts';
import { DamagedEntryError } from './damaged-entry.ts';
import { createForeignTar, type ForeignTar } from './foreign-tar.ts';
import type { LegacyFile, LegacyMessage, LegacyTask, ScannedEntry, ScanTask, WriteTask } from './legacy-messages.ts';
import { createNewFiles } from './new-files.ts';

/** How the thread talks to the one that started it. */
export interface LegacyPort {
  post(message: LegacyMessage): void;
  /** Posts and waits until the other side has dealt with it. */
  ask(message: LegacyMessage): Promise<void>;
}

const readAsync = promisify(read);
const pieceBytes = 256 * 1024;
const entriesPerMessage = 1000;
const bytesPerProgress = 8 * 1024 * 1024;

/** Does one task, and answers how it ended. */
export async function readLegacy(task: LegacyTask, port: LegacyPort): Promise<LegacyMessage> {
  const place: Place = { path: () => '' };
  try {
    if (task.kind === 'scan') await scan(task, port, place);
    else await write(task, port, place);
    return { kind: 'done' };
  } catch (error) {
    if (error instanceof DamagedEntryError) {
      return { kind: 'damaged', path: error.path === '' ? place.path() : error.path, reason: error.message };
    }
    const systemCode = systemErrorCode(error) ?? '';
    const reason = error instanceof Error ? error.message : String(error);
    // Codes of zlib, and what the parser throws without any, say that the archive is bad; the rest comes from the system.
    if (/^E[A-Z0-9]+$/.test(systemCode)) return { kind: 'failed', path: place.path(), systemCode, reason };
    return { kind: 'damaged', path: place.path(), reason };
  }
}

/** Where in the archive the reading is, for messages. */
interface Place {
  path: () => string;
}

async function scan(task: ScanTask, port: LegacyPort, place: Place): Promise<void> {
  let entries: ScannedEntry[] = [];
  const tar = createForeignTar((entry) => {
    entries.push(entry);
    return undefined;
  });
  const report = async (): Promise<void> => {
    await port.ask({ kind: 'entries', entries });
    entries = [];
  };
  await inflate(
    task,
    tar,
    place,
    async () => {
      if (entries.length >= entriesPerMessage) await report();
    },
    port,
  );
  await report();
}

async function write(task: WriteTask, port: LegacyPort, place: Place): Promise<void> {
  const files = createNewFiles(task.target, task.fsync);
  const wanted = new Map(task.files.map((file) => [file.ordinal, file]));
  const flushes: Promise<void>[] = [];
  const tar = createForeignTar((entry) => {
    const file = wanted.get(entry.ordinal);
    if (file === undefined) return undefined;
    checkSame(entry, file);
    wanted.delete(entry.ordinal);
    const fd = files.create(file.path);
    return { write: (data) => writeFully(fd, data), end: () => void flushes.push(files.seal(file)) };
  });
  try {
    await inflate(
      task,
      tar,
      place,
      async () => {
        await Promise.all(flushes.splice(0));
      },
      port,
    );
    await files.finish();
    if (wanted.size > 0) throw new DamagedEntryError('', 'it changed while it was read');
  } finally {
    files.close();
  }
}

function checkSame(entry: ScannedEntry, file: LegacyFile): void {
  if (entry.kind === 'file' && entry.name === file.name && entry.size === file.size) return;
  throw new DamagedEntryError(file.name, 'it changed while it was read');
}

/** Streams the tar bytes to `tar`; calls `afterPiece` between two pieces. */
async function inflate(
  { fd, maxRawBytes }: LegacyTask,
  tar: ForeignTar,
  place: Place,
  afterPiece: () => Promise<void>,
  port: LegacyPort,
): Promise<void> {
  const gunzip = createGunzip({ chunkSize: pieceBytes });
  place.path = tar.current;
  let rawBytes = 0;
  let reported = 0;
  await pipeline(readPieces(fd), gunzip, async (pieces: AsyncIterable<Buffer>) => {
    for await (const piece of pieces) {
      rawBytes += piece.length;
      if (rawBytes > maxRawBytes) throw new DamagedEntryError(tar.current(), 'it inflates to more than it may');
      tar.write(piece);
      await afterPiece();
      if (rawBytes - reported < bytesPerProgress) continue;
      reported = rawBytes;
      port.post({ kind: 'progress', bytes: gunzip.bytesWritten, subject: tar.current() });
    }
  });
  if (gunzip.bytesWritten !== fstatSync(fd).size) throw new DamagedEntryError('', 'there is more after its end');
  tar.end();
}

/** A read stream would close the descriptor when the pipeline fails, and it belongs to the other thread. */
async function* readPieces(fd: number): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    const piece = Buffer.allocUnsafeSlow(pieceBytes);
    const { bytesRead } = await readAsync(fd, piece, 0, piece.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
