import { isUtf8 } from 'node:buffer';
import { opendirSync, readdirSync } from 'node:fs';

export interface FolderNames {
  /** Sorted by UTF-16 units, as strings compare. */
  readonly names: readonly string[];
  /** Names that are not UTF-8, so that no string stands for them. */
  readonly broken: readonly Buffer[];
}

/** Above this size of the folder itself it may hold very many names, and is read piece by piece. */
const largeFolderBytes = 1024n * 1024n;

/** The names in a folder. `rest` is awaited between pieces of a very large one. Throws the system's error. */
export async function listNames(
  folder: string,
  sizeBytes: bigint,
  rest: () => Promise<void> | undefined,
): Promise<FolderNames> {
  const names = sizeBytes < largeFolderBytes ? readdirSync(folder).sort() : await readInPieces(folder, rest);
  // Node puts U+FFFD where bytes are no UTF-8; a name may also really hold it.
  if (!names.some((name) => name.includes('\ufffd'))) return { names, broken: [] };
  const raw = readdirSync(folder, { encoding: 'buffer' });
  return {
    names: raw
      .filter((name) => isUtf8(name))
      .map((name) => name.toString('utf8'))
      .sort(),
    broken: raw.filter((name) => !isUtf8(name)).sort(Buffer.compare),
  };
}

const pieceLength = 10_000;

async function readInPieces(folder: string, rest: () => Promise<void> | undefined): Promise<readonly string[]> {
  const pieces: string[][] = [];
  const handle = opendirSync(folder, { bufferSize: 1024 });
  try {
    let piece: string[] = [];
    for (let entry = handle.readSync(); entry !== null; entry = handle.readSync()) {
      if (piece.length % 1024 === 0) await rest();
      if (piece.length === 0) pieces.push(piece);
      piece.push(entry.name);
      if (piece.length < pieceLength) continue;
      piece.sort();
      piece = [];
    }
    piece.sort();
  } finally {
    handle.closeSync();
  }
  return mergeSorted(pieces, rest);
}

/** One sort of a million names would hold everything else up for a second. */
async function mergeSorted(
  pieces: readonly string[][],
  rest: () => Promise<void> | undefined,
): Promise<readonly string[]> {
  let runs = pieces;
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let run = 0; run < runs.length; run += 2) {
      merged.push(mergePair(runs[run] ?? [], runs[run + 1] ?? []));
      await rest();
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function mergePair(first: readonly string[], second: readonly string[]): string[] {
  const merged: string[] = [];
  let at = 0;
  for (const name of first) {
    for (let other = second[at]; other !== undefined && other < name; other = second[at]) {
      merged.push(other);
      at += 1;
    }
    merged.push(name);
  }
  for (; at < second.length; at += 1) merged.push(second[at] ?? '');
  return merged;
}

/** A name that is not UTF-8, readable: its odd bytes as `\xff`. */
export function escapeBytes(name: Buffer): string {
  return name
    .toString('latin1')
    .replaceAll(/[^ -[\]-~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
