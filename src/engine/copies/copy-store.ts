import type { Manifest } from '../snapshot/manifest.ts';

/** A file that travels: where it lies in the snapshot's folder, and what it must be. */
export interface CopiedFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A file of a snapshot that the place holds already. */
export interface StoredFrom {
  readonly id: string;
  readonly file: string;
}

export interface StoredSnapshot {
  readonly id: string;
  readonly manifest: Manifest;
  readonly pinned: boolean;
  readonly note: string;
  /** Files that are missing or have another size. */
  readonly wrong: readonly string[];
}

/** What lies in a place, as far as names, sizes and manifests tell it. */
export interface StoreContents {
  /** Newest first. */
  readonly snapshots: readonly StoredSnapshot[];
  /** Folders with a snapshot's name whose manifest can't be believed. */
  readonly unreadable: readonly { readonly id: string; readonly why: string }[];
  /** Files of snapshots that are on their way, by the id, with their sizes. */
  readonly incoming: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Told how many bytes more have travelled. */
export type OnBytes = (bytes: number) => void;

/**
 * A place with the layout of a backups folder that is somewhere else: a folder, or a remote of rclone. What arrives lies
 * in `.incoming-<id>` until it is published. Every method throws AppError.
 */
export interface CopyStore {
  readonly kind: 'folder' | 'rclone';
  /** The folder or the remote, for people. */
  readonly place: string;
  /** The text of the file that names the copy; undefined where there is none. */
  readMarker(signal: AbortSignal): Promise<string | undefined>;
  /** Makes the place where it is missing, and marks it. */
  writeMarker(text: string, signal: AbortSignal): Promise<void>;
  /** Throws `copy-absent` unless the place is still the marked one, and can be written. */
  requireHere(): void;
  /** True where a file can be there twice without travelling twice. */
  canLink(signal: AbortSignal): Promise<boolean>;
  freeBytes(signal: AbortSignal): Promise<number | null>;
  read(signal: AbortSignal): Promise<StoreContents>;
  /** Makes the files of an incoming snapshot from those that are there; answers the files that it could not make. */
  link(
    id: string,
    files: readonly (CopiedFile & { readonly from: StoredFrom })[],
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  /** Sends files of the snapshot in `folder`; what has arrived of a file is not sent again where that can be told. */
  send(id: string, folder: string, files: readonly CopiedFile[], onBytes: OnBytes, signal: AbortSignal): Promise<void>;
  /** Reads incoming files back, or has the remote do it; answers those that are not what they must be. */
  prove(id: string, folder: string, files: readonly CopiedFile[], signal: AbortSignal): Promise<readonly string[]>;
  removeIncoming(id: string, file: string | undefined, signal: AbortSignal): Promise<void>;
  /** Adds the manifest that lies in `folder` to an incoming snapshot, and lets it be one of the copy. */
  publish(id: string, folder: string, signal: AbortSignal): Promise<void>;
  /** Writes pin and note of a snapshot beside it. */
  writeRecord(
    id: string,
    record: { readonly pinned: boolean; readonly note: string },
    signal: AbortSignal,
  ): Promise<void>;
  remove(id: string, signal: AbortSignal): Promise<void>;
  /** Brings files of a snapshot into a folder on this machine. */
  fetch(id: string, folder: string, files: readonly string[], onBytes: OnBytes, signal: AbortSignal): Promise<void>;
  /** sha256 of every byte as it is there now, by `<id>/<file>`; what can't be read is left out. */
  hash(files: readonly StoredFrom[], signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Writes a small file, reads it back and removes it. */
  test(signal: AbortSignal): Promise<void>;
}
