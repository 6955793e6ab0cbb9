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
  const names = sizeBytes < largeFolderBytes ? readdirSync(folder) : await readInPieces(folder, rest);
  names.sort();
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

async function readInPieces(folder: string, rest: () => Promise<void> | undefined): Promise<string[]> {
  const names: string[] = [];
  const handle = opendirSync(folder, { bufferSize: 1024 });
  try {
    for (let entry = handle.readSync(); entry !== null; entry = handle.readSync()) {
      names.push(entry.name);
      if (names.length % 1024 === 0) await rest();
    }
  } finally {
    handle.closeSync();
  }
  return names;
}

/** A name that is not UTF-8, readable: its odd bytes as `\xff`. */
export function escapeBytes(name: Buffer): string {
  return name
    .toString('latin1')
    .replaceAll(/[^ -[\]-~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
