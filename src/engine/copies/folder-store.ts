import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import { snapshotFiles } from '../../shared/model.ts';
import { copyFile } from '../platform/copy-file.ts';
import { freeBytes } from '../platform/disk-space.ts';
import { replaceFile, syncFolder } from '../platform/durable-file.ts';
import { failPoint } from '../platform/fail-point.ts';
import { hashFile } from '../platform/hash-file.ts';
import { noMeta, readMeta, updateMeta } from '../snapshot/meta.ts';
import { moveToTrashAndDelete } from '../snapshot/staging.ts';
import { absent, folderFailure } from './copy-failure.ts';
import { markerName } from './copy-marker.ts';
import type { CopiedFile, CopyStore, OnBytes, StoredFrom } from './copy-store.ts';
import { incomingPrefix, readFolderContents } from './read-folder.ts';

/** A copy in a folder: another disk, or what a network has mounted. */
export function createFolderStore(place: string): CopyStore {
  const mount: { device?: number } = {};
  const requireHere = (): void => refuseOther(place, mount);
  const incoming = (id: string): string => join(place, `${incomingPrefix}${id}`);
  /** Makes the folders in an incoming snapshot that a file lies in; never the place itself. */
  const placeOf = (id: string, file: string): string => {
    requireHere();
    makeFolder(incoming(id));
    const path = join(incoming(id), file);
    if (dirname(file) !== '.') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return path;
  };
  const send = async (
    id: string,
    folder: string,
    files: readonly CopiedFile[],
    onBytes: OnBytes,
    signal: AbortSignal,
  ) => {
    for (const { file } of files) {
      await copyFile(join(folder, file), placeOf(id, file), onBytes, signal);
      failPoint('copy:sent');
    }
  };
  return guarded(place, {
    kind: 'folder',
    place,
    readMarker: async () => readIfThere(join(place, markerName)),
    writeMarker: async (text) => {
      makeFolder(place);
      replaceFile(join(place, markerName), text);
    },
    requireHere,
    canLink: async () => true,
    freeBytes: async () => freeBytes(place),
    read: async () => {
      removeTrash(place);
      return readFolderContents(place);
    },
    link: async (id, files) =>
      files
        .filter(({ file, from }) => !tryLink(join(place, from.id, from.file), placeOf(id, file)))
        .map(({ file }) => file),
    send,
    prove: async (id, _folder, files, signal) => {
      const wrong: string[] = [];
      for (const { file, sha256 } of files) {
        if ((await hashFile(join(incoming(id), file), signal)) !== sha256) wrong.push(file);
      }
      failPoint('copy:proved');
      return wrong;
    },
    removeIncoming: async (id, file) => {
      requireHere();
      rmSync(file === undefined ? incoming(id) : join(incoming(id), file), { recursive: true, force: true });
    },
    publish: async (id, folder, signal) => {
      rmSync(join(incoming(id), snapshotFiles.manifest), { force: true });
      await send(id, folder, [{ file: snapshotFiles.manifest, bytes: 0, sha256: '' }], () => undefined, signal);
      publishIncoming(place, id, requireHere);
    },
    writeRecord: async (id, { pinned, note }) => {
      requireHere();
      const known = readMeta(place, id);
      if (known.pinned === pinned && known.note === note) return;
      updateMeta(place, id, () => ({ ...noMeta, ...known, pinned, note }));
    },
    remove: async (id) => {
      requireHere();
      moveToTrashAndDelete(place, id);
      rmSync(join(place, '.meta', `${id}.json`), { force: true });
    },
    fetch: async (id, folder, files, onBytes, signal) => {
      for (const file of files) {
        mkdirSync(dirname(join(folder, file)), { recursive: true, mode: 0o700 });
        await copyFile(join(place, id, file), join(folder, file), onBytes, signal);
      }
    },
    hash: (files, signal) => hashFiles(place, files, signal),
    test: async () => {
      requireHere();
      testFolder(place);
    },
  });
}

/** Flushes an incoming snapshot and gives it its name; one with that name that is damaged makes room for it. */
export function publishIncoming(place: string, id: string, requireHere: () => void): void {
  const folder = join(place, `${incomingPrefix}${id}`);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) syncFolder(join(entry.parentPath, entry.name));
  }
  syncFolder(folder);
  failPoint('copy:flushed');
  requireHere();
  const published = join(place, id);
  const trash = join(place, `.trash-${id}-${randomBytes(4).toString('hex')}`);
  const isDamaged = existsSync(published);
  if (isDamaged) renameSync(published, trash);
  renameSync(folder, published);
  failPoint('copy:published');
  syncFolder(place);
  rmSync(trash, { recursive: true, force: true });
}

/** The disk may have been unplugged since the last look, and its mount point be an empty folder of another one. */
function refuseOther(place: string, mount: { device?: number }): void {
  const device = statSync(place, { throwIfNoEntry: false })?.dev;
  if (device === undefined) throw absent(place, 'there is no such folder');
  mount.device ??= device;
  if (device !== mount.device || !existsSync(join(place, markerName))) throw absent(place, 'its disk went away');
  try {
    accessSync(place, constants.W_OK);
  } catch (error) {
    throw folderFailure(error, place);
  }
}

/** The system's own errors become those that people read. */
function guarded(place: string, store: CopyStore): CopyStore {
  const guard =
    <Parameters extends readonly unknown[], Result>(work: (...parameters: Parameters) => Promise<Result>) =>
    async (...parameters: Parameters): Promise<Result> => {
      try {
        return await work(...parameters);
      } catch (error) {
        // Where the folder itself is gone or another one, that is what has happened, whatever the step ran into.
        if (!(error instanceof Error && error.name === 'AbortError') && systemErrorCode(error) === 'ENOENT') {
          store.requireHere();
        }
        throw folderFailure(error, place);
      }
    };
  return {
    ...store,
    readMarker: guard(store.readMarker),
    writeMarker: guard(store.writeMarker),
    read: guard(store.read),
    link: guard(store.link),
    send: guard(store.send),
    prove: guard(store.prove),
    removeIncoming: guard(store.removeIncoming),
    publish: guard(store.publish),
    writeRecord: guard(store.writeRecord),
    remove: guard(store.remove),
    fetch: guard(store.fetch),
    test: guard(store.test),
  };
}

/** Private where the file system knows modes; FAT and some networks don't. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
    return;
  }
  try {
    chmodSync(path, 0o700);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP'].includes(systemErrorCode(error) ?? '')) throw error;
  }
}

/** False where the file system has no hard links, or no more of them for this file. */
function tryLink(from: string, to: string): boolean {
  try {
    rmSync(to, { force: true });
    linkSync(from, to);
    failPoint('copy:linked');
    return true;
  } catch (error) {
    if (
      ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS', 'ENOENT', 'EXDEV'].includes(systemErrorCode(error) ?? '')
    ) {
      return false;
    }
    throw error;
  }
}

/** What a removal that was killed has left. A link is unlinked, never followed. */
function removeTrash(place: string): void {
  for (const name of readdirSync(place)) {
    if (name.startsWith('.trash-codex-backup-')) rmSync(join(place, name), { recursive: true, force: true });
  }
}

async function hashFiles(place: string, files: readonly StoredFrom[], signal: AbortSignal) {
  const hashes = new Map<string, string>();
  for (const { id, file } of files) {
    try {
      hashes.set(`${id}/${file}`, await hashFile(join(place, id, file), signal));
    } catch (error) {
      signal.throwIfAborted();
      if (systemErrorCode(error) === undefined) throw error;
    }
  }
  return hashes;
}

function testFolder(place: string): void {
  const path = join(place, `.test-${randomBytes(6).toString('hex')}.tmp`);
  const text = randomBytes(1000).toString('hex');
  try {
    replaceFile(path, text);
    if (readFileSync(path, 'utf8') !== text)
      throw Object.assign(new Error(`${basename(path)} reads back otherwise`), { code: 'EIO', path });
  } finally {
    rmSync(path, { force: true });
  }
}

function readIfThere(file: string): string | undefined {
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
  return readFileSync(file, 'utf8');
}
