import { lstatSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import { parseGitIndex, type TrackedPath } from './git-index.ts';
import { readSmallFile, type SmallFile } from './read-small-file.ts';

/** The files of git that a repository's rules come from. git itself is never run. */
export interface GitRepository {
  /** The work tree's own folder: index, HEAD. */
  readonly gitFolder: string;
  /** What linked work trees share: config, info/exclude. The same folder where there are none. */
  readonly commonFolder: string;
  readonly ignoreCase: boolean;
  /** On macOS names may come decomposed from the disk; git then composes them before it compares. */
  readonly precompose: boolean;
  readonly hashBytes: 20 | 32;
}

/** The repository whose work tree begins in that folder; undefined when its `.git` is none that git would accept. */
export function findRepository(folder: string): GitRepository | undefined {
  const gitFolder = findGitFolder(join(folder, '.git'));
  if (gitFolder === undefined) return undefined;
  const common = readLine(join(gitFolder, 'commondir'));
  const commonFolder = common === undefined ? gitFolder : resolve(gitFolder, common);
  if (!isGitFolder(gitFolder, commonFolder)) return undefined;
  const config = readSmallFile(join(commonFolder, 'config'), 1024 * 1024);
  const values = config.kind === 'content' ? parseConfig(config.bytes.toString('utf8')) : new Map<string, string>();
  return {
    gitFolder,
    commonFolder,
    ignoreCase: isTrue(values.get('core.ignorecase')),
    precompose: process.platform === 'darwin' && isTrue(values.get('core.precomposeunicode')),
    hashBytes: values.get('extensions.objectformat')?.toLowerCase() === 'sha256' ? 32 : 20,
  };
}

const isTrue = (value: string | undefined): boolean => /^(?:true|yes|on|[1-9]\d*)$/i.test(value ?? '');

function findGitFolder(dotGit: string): string | undefined {
  const link = lstatSync(dotGit, { throwIfNoEntry: false });
  if (link === undefined) return undefined;
  try {
    // Git follows a `.git` that is a link.
    const path = realpathSync(dotGit);
    if (statSync(path).isDirectory()) return path;
    const target = /^gitdir: (.+)$/.exec(readLine(path) ?? '')?.[1];
    return target === undefined ? undefined : realpathSync(resolve(dotGit, '..', target));
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}

function readLine(path: string): string | undefined {
  const file = readSmallFile(path, 64 * 1024);
  return file.kind === 'content' ? file.bytes.toString('utf8').replace(/[\r\n]+$/, '') : undefined;
}

/** What git's own is_git_directory looks for. */
function isGitFolder(gitFolder: string, commonFolder: string): boolean {
  const isFolder = (name: string): boolean =>
    statSync(join(commonFolder, name), { throwIfNoEntry: false })?.isDirectory() === true;
  return (
    /^(?:ref:\s*refs\/|[0-9a-f]{40})/.test(readLine(join(gitFolder, 'HEAD')) ?? '') &&
    isFolder('objects') &&
    isFolder('refs')
  );
}

/** The values of a git config file by `section.key` in lower case; subsections and includes are not read. */
function parseConfig(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[([^\]"]*?)\s*("[^\]]*)?\]/.exec(line);
    if (header !== null) section = header[2] === undefined ? (header[1] ?? '').toLowerCase() : '';
    const rest = header === null ? line : line.slice(header[0].length);
    const pair = /^\s*([A-Za-z][\w-]*)\s*(?:=\s*"?([^"#;]*?)"?\s*)?(?:[#;].*)?$/.exec(rest);
    if (pair?.[1] !== undefined) values.set(`${section}.${pair[1].toLowerCase()}`, pair[2] ?? 'true');
  }
  return values;
}

/** The content of `info/exclude`, followed where it is a link, as git does. */
export function readInfoExclude(repository: GitRepository, limitBytes: number): SmallFile {
  return readFollowed(join(repository.commonFolder, 'info', 'exclude'), limitBytes);
}

function readFollowed(path: string, limitBytes: number): SmallFile {
  try {
    return readSmallFile(realpathSync(path), limitBytes);
  } catch (error) {
    const detail = systemErrorCode(error);
    if (detail === undefined) throw error;
    return detail === 'ENOENT' || detail === 'ENOTDIR' ? { kind: 'absent' } : { kind: 'unreadable', detail };
  }
}

const indexLimitBytes = 512 * 1024 * 1024;

/** The tracked paths; `problem` says why they could not be read (there are none then). */
export function readTracked(repository: GitRepository): {
  readonly paths: readonly TrackedPath[];
  readonly problem?: string;
} {
  const index = readFollowed(join(repository.gitFolder, 'index'), indexLimitBytes);
  if (index.kind === 'absent') return { paths: [] };
  if (index.kind !== 'content') return { paths: [], problem: index.kind === 'unreadable' ? index.detail : 'too large' };
  try {
    const readShared = (hash: string): Buffer => readSharedIndex(repository, hash);
    return { paths: parseGitIndex(index.bytes, { hashBytes: repository.hashBytes, readShared }) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { paths: [], problem: error.message };
  }
}

function readSharedIndex(repository: GitRepository, hash: string): Buffer {
  const file = readFollowed(join(repository.gitFolder, `sharedindex.${hash}`), indexLimitBytes);
  if (file.kind !== 'content') throw new RangeError(`sharedindex.${hash} can not be read`);
  return file.bytes;
}
