import { chmodSync, lstatSync, lutimesSync, mkdirSync, readdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../platform/durable-file.ts';
import { toSeconds } from './new-files.ts';

/** A folder to make; one that is only implied by what lies in it has no attributes. */
export interface NewFolder {
  readonly path: string;
  readonly attributes?: { readonly mode: number; readonly mtimeNs: bigint };
}

export interface NewLink {
  readonly path: string;
  readonly target: string;
  readonly mtimeNs: bigint;
}

/** Fails unless the target is a real, empty folder. */
export function isEmptyFolder(target: string): boolean {
  return lstatSync(target).isDirectory() && readdirSync(target).length === 0;
}

/** Makes the folders, 0700 for now, outermost first. Each must be new. */
export function makeFolders(target: string, folders: readonly NewFolder[], signal: AbortSignal): void {
  for (const { path } of byPath(folders)) {
    signal.throwIfAborted();
    mkdirSync(join(target, path), { mode: 0o700 });
  }
}

/** Makes the links, after everything else, so that nothing is ever written through one. */
export function makeLinks(target: string, links: readonly NewLink[], signal: AbortSignal): void {
  for (const link of links) {
    signal.throwIfAborted();
    const path = join(target, link.path);
    symlinkSync(link.target, path);
    const seconds = toSeconds(link.mtimeNs);
    lutimesSync(path, seconds, seconds);
  }
}

/** Gives the folders their modes (without setuid, setgid, sticky) and times, innermost first, after all is in them. */
export function finishFolders(
  target: string,
  folders: readonly NewFolder[],
  { fsync, signal }: { readonly fsync: boolean; readonly signal: AbortSignal },
): void {
  for (const { path, attributes } of byPath(folders).reverse()) {
    signal.throwIfAborted();
    const folder = join(target, path);
    if (fsync) syncFolder(folder);
    chmodSync(folder, (attributes?.mode ?? 0o755) & 0o777);
    if (attributes === undefined) continue;
    const seconds = toSeconds(attributes.mtimeNs);
    utimesSync(folder, seconds, seconds);
  }
  if (fsync) syncFolder(target);
}

/** A folder comes before what is in it, because its path is the beginning of theirs. */
function byPath(folders: readonly NewFolder[]): NewFolder[] {
  return [...folders].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
