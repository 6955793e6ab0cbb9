import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { EngineContext } from '../context.ts';
import type { FoundRoot, ListedFolders } from '../engine.ts';
import { defaultRoot } from '../folders.ts';

const shownFolders = 1000;
const usualBrain = 'codex-brain/codex-brain-data/codex-brain.db';

/** The folders in a folder of this computer, to choose one from; the person's home without a path. */
export function listFolders(path: string = homedir()): ListedFolders {
  const real = realpathSync(path);
  const names = readFolders(real);
  const shown = names.slice(0, shownFolders);
  return {
    path: real,
    parent: dirname(real) === real ? null : dirname(real),
    places: findPlaces(),
    entries: shown.map((name) => ({ name, path: join(real, name), isCodex: looksLikeCodex(join(real, name)) })),
    isCut: shown.length < names.length,
  };
}

/** Folders that may be the Codex folder: those that something names, and those in the usual places. */
export function findRoots(context: EngineContext): readonly FoundRoot[] {
  const named = [attempt(() => context.root()), defaultRoot()].filter((path) => path !== undefined && existsSync(path));
  const near = [homedir(), join(homedir(), 'Documents'), join(homedir(), 'Projects')].flatMap(
    (folder) => attempt(() => readFolders(folder).map((name) => join(folder, name))) ?? [],
  );
  const found = [...named, ...near.filter(looksLikeCodex)].flatMap((path) =>
    path === undefined ? [] : [realpathSync(path)],
  );
  return [...new Set(found)].slice(0, 20).map((path) => describeRoot(path, context));
}

function describeRoot(path: string, context: EngineContext): FoundRoot {
  const brain = statSync(join(path, attempt(() => context.settings().brain) ?? usualBrain), { throwIfNoEntry: false });
  const services = readFolders(path).filter((name) => existsSync(join(path, name, 'package.json')));
  return { path, services: services.length, brainBytes: brain?.isFile() ? brain.size : null };
}

/** By what every Codex has: its Brain's service, and at least one more. */
const looksLikeCodex = (path: string): boolean =>
  existsSync(join(path, 'codex-brain', 'package.json')) || existsSync(join(path, usualBrain));

function findPlaces(): ListedFolders['places'] {
  const places = [
    { name: 'Home', path: homedir() },
    { name: 'Computer', path: '/' },
    { name: 'Disks', path: process.platform === 'darwin' ? '/Volumes' : '/media' },
    { name: 'Mounted', path: '/mnt' },
  ];
  return places.filter(({ path }) => existsSync(path)).map((place) => ({ ...place, isCodex: false }));
}

/** Names of the folders in a folder, without hidden ones. A link to a folder counts. */
function readFolders(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.') && isFolder(path, entry))
      .map(({ name }) => name)
      .sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    throw new AppError('io', `${path} can not be read: ${systemErrorCode(error)}.`, {
      hint: 'Choose another folder.',
      cause: error,
    });
  }
}

function isFolder(parent: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return attempt(() => statSync(join(parent, entry.name)).isDirectory()) ?? false;
}

/** Undefined where it fails as expected: there is nothing to show then. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AppError) && systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
