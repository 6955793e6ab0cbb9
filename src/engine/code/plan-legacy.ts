import { DamagedEntryError } from './damaged-entry.ts';
import type { LegacyFile, ScannedEntry } from './legacy-messages.ts';
import { cleanName, refuseLinkTarget } from './legacy-names.ts';
import { findCollisions, type NameFolding } from './name-folding.ts';
import type { NewFolder, NewLink } from './new-tree.ts';
import { parentsOf } from './tree-names.ts';

export interface LegacyLimits {
  /** Most entries that are not excluded. */
  readonly entries: number;
  /** Most bytes of files that are written. */
  readonly bytes: number;
  /** Most names in a path. */
  readonly depth: number;
}

/** An entry that is left out, by the name that the archive gives it, and why. */
export interface LeftOut {
  readonly path: string;
  readonly reason: string;
}

export interface LegacyCopy {
  readonly path: string;
  readonly from: LegacyFile;
}

/** What is made of a v1.5 archive, decided before anything is written. */
export interface LegacyPlan {
  readonly folders: readonly NewFolder[];
  readonly files: readonly LegacyFile[];
  /** Hard links to an earlier file. */
  readonly copies: readonly LegacyCopy[];
  readonly links: readonly NewLink[];
  readonly bytes: number;
  readonly excluded: { readonly entries: number; readonly bytes: number };
  /** Entries that could do harm, or that mean different things to different programs. */
  readonly refused: readonly LeftOut[];
  /** Devices, FIFOs and kinds that we don't know. */
  readonly skipped: readonly LeftOut[];
}

export interface LegacyPlannerOptions {
  readonly isExcluded: (path: string) => boolean;
  readonly limits: LegacyLimits;
  /** The longest path below the target that the system takes. */
  readonly maxPathBytes: number;
}

export interface LegacyPlanner {
  /** Takes the next entry. Throws DamagedEntryError at the first one beyond a limit. */
  add(entry: ScannedEntry): void;
  plan(folding: NameFolding): LegacyPlan;
}

interface Candidate {
  readonly entry: ScannedEntry;
  readonly path: string;
}

/** Names cost memory and compress to nothing. */
const maxNameLengths = 256 * 1024 * 1024;

/** Collects the entries of an archive, the excluded ones first of all left out, and decides what becomes of them. */
export function createLegacyPlanner({ isExcluded, limits, maxPathBytes }: LegacyPlannerOptions): LegacyPlanner {
  const isLeftOut = withParents(isExcluded);
  const candidates: Candidate[] = [];
  const refused: LeftOut[] = [];
  const skipped: LeftOut[] = [];
  const excluded = { entries: 0, bytes: 0 };
  let entries = 0;
  let bytes = 0;
  let nameLengths = 0;

  const count = ({ name, kind, size, target }: ScannedEntry): void => {
    entries += 1;
    nameLengths += name.length + target.length;
    if (kind === 'file') bytes += size;
    if (entries > limits.entries) throw new DamagedEntryError(name, `there are more than ${limits.entries} entries`);
    if (bytes > limits.bytes) throw new DamagedEntryError(name, `its files are larger than ${limits.bytes} bytes`);
    if (nameLengths > maxNameLengths) throw new DamagedEntryError(name, 'its names are too long');
  };

  return {
    add: (entry) => {
      const { name, kind, size } = entry;
      const clean = cleanName(name);
      if ('path' in clean && clean.path !== '' && isLeftOut(clean.path)) {
        excluded.entries += 1;
        excluded.bytes += size;
        return;
      }
      count(entry);
      if ('refused' in clean) return void refused.push({ path: name, reason: clean.refused });
      if (clean.path === '') return;
      if (clean.path.split('/').length > limits.depth) throw new DamagedEntryError(name, 'it lies too deep');
      if (Buffer.byteLength(clean.path) > maxPathBytes) {
        return void refused.push({ path: name, reason: 'its path is too long for the place' });
      }
      candidates.push({ entry, path: clean.path });
      if (kind === 'device') skipped.push({ path: name, reason: 'it is a device' });
      if (kind === 'fifo') skipped.push({ path: name, reason: 'it is a FIFO' });
      if (kind === 'unknown') skipped.push({ path: name, reason: 'it is of an unknown kind' });
    },
    plan: (folding) => {
      const accepted = accept(candidates, folding, refused);
      return { ...arrange(accepted, limits, refused), excluded, refused, skipped };
    },
  };
}

/** What lies in an excluded folder is excluded too. */
function withParents(isExcluded: (path: string) => boolean): (path: string) => boolean {
  const folders = new Map<string, boolean>();
  const isFolderLeftOut = (path: string): boolean => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const leftOut = isExcluded(path);
    folders.set(path, leftOut);
    return leftOut;
  };
  return (path) => parentsOf(path).some(isFolderLeftOut) || isExcluded(path);
}

/** Those whose paths are unmistakable: once in the archive, below folders only, and apart from all others on this disk. */
function accept(candidates: readonly Candidate[], folding: NameFolding, refused: LeftOut[]): Candidate[] {
  const byPath = Map.groupBy(candidates, ({ path }) => path);
  const noFolders = new Set(candidates.filter(({ entry }) => entry.kind !== 'folder').map(({ path }) => path));
  const collisions = new Map(findCollisions(byPath.keys(), folding).map(({ path, other }) => [path, other]));
  const accepted: Candidate[] = [];
  for (const [path, same] of byPath) {
    const last = same.at(-1);
    if (last === undefined) continue;
    const parent = parentsOf(path).find((name) => noFolders.has(name));
    const other = collisions.get(path);
    const refuse = (reason: string): void => void refused.push({ path: last.entry.name, reason });
    if (parent !== undefined) refuse(`it lies in ${parent}, which is no folder`);
    else if (same.length > 1 && noFolders.has(path)) refuse('it occurs more than once');
    else if (other !== undefined) refuse(`this disk can not hold it beside ${other}`);
    else accepted.push(last);
  }
  return accepted;
}

function arrange(
  accepted: readonly Candidate[],
  limits: LegacyLimits,
  refused: LeftOut[],
): Pick<LegacyPlan, 'folders' | 'files' | 'copies' | 'links' | 'bytes'> {
  const folders = new Map<string, NewFolder>();
  const files = new Map<string, LegacyFile>();
  const copies: LegacyCopy[] = [];
  const links: NewLink[] = [];
  let bytes = 0;
  for (const { entry, path } of accepted) {
    const { name, kind, mtimeNs, target, ordinal, size } = entry;
    const refuse = (reason: string): void => void refused.push({ path: name, reason });
    if (kind === 'folder') folders.set(path, { path, attributes: { mode: entry.mode ?? 0o755, mtimeNs } });
    if (kind === 'file') files.set(path, { ordinal, name, size, path, mode: entry.mode ?? 0o644, mtimeNs });
    if (kind === 'file') bytes += size;
    if (kind === 'link') {
      const reason = refuseLinkTarget(path, target);
      if (reason === undefined) links.push({ path, target, mtimeNs });
      else refuse(reason);
    }
    if (kind === 'hard-link') {
      const from = earlierFile(target, ordinal, files);
      if (from === undefined) refuse('it is a hard link to something that is no earlier file of the archive');
      else copies.push({ path, from });
      bytes += from?.size ?? 0;
    }
    if (bytes > limits.bytes) throw new DamagedEntryError(name, `its files are larger than ${limits.bytes} bytes`);
  }
  const made = [
    ...folders.keys(),
    ...files.keys(),
    ...copies.map(({ path }) => path),
    ...links.map(({ path }) => path),
  ];
  for (const path of made.flatMap(parentsOf)) if (!folders.has(path)) folders.set(path, { path });
  return { folders: [...folders.values()], files: [...files.values()], copies, links, bytes };
}

function earlierFile(target: string, ordinal: number, files: ReadonlyMap<string, LegacyFile>): LegacyFile | undefined {
  const clean = cleanName(target);
  const file = 'path' in clean ? files.get(clean.path) : undefined;
  return file !== undefined && file.ordinal < ordinal ? file : undefined;
}
