import { chmodSync, copyFileSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { type DatabasePart, type Skipped, snapshotFiles } from '../../shared/model.ts';
import { checkPublishedDatabase } from '../brain/check.ts';
import { inspectDatabaseFile } from '../brain/inspect.ts';
import { walkCode } from '../code/walk.ts';
import type { EngineContext } from '../context.ts';
import { hashFile } from '../platform/hash-file.ts';
import type { CatalogEntry } from '../snapshot/catalog.ts';
import type { RestoreRequest } from './gather-restore.ts';
import { isWanted, normalizePath } from './path-tree.ts';
import { isWhole } from './plan-restore.ts';
import type { RestoreSource } from './restore-source.ts';
import { createTreeSource } from './tree-source.ts';
import { unfoldLegacy, warnOfLeftOut } from './unfold-legacy.ts';

/**
 * What a restore draws from a v1.5 snapshot, about which nothing is known before it is read: its Brain is checked, its
 * archive unpacked into `scratch`. Today's rules say what of it is covered.
 */
export async function openLegacySource(
  context: EngineContext,
  entry: CatalogEntry,
  request: RestoreRequest,
  scratch: string,
): Promise<RestoreSource> {
  const { scope } = request;
  const { snapshot } = entry;
  if (scope === 'full') {
    throw new AppError('restore-refused', `${snapshot.id} is of v1.5, and holds too little for a fresh Codex folder.`, {
      hint: 'Use --only all, or build it in another folder with --to DIR.',
    });
  }
  const brainPath = context.brainPath();
  const asked = scope === 'brain' || scope === 'all';
  const brain = snapshot.brain === null ? null : { ...snapshot.brain, path: brainPath };
  const proved = brain !== null && asked ? await proveBrain(snapshot.path, brain, scratch, request.signal) : brain;
  const { code, leftOut } =
    scope === 'code' || isWhole(scope)
      ? await openCode(context, snapshot.path, request, scratch)
      : { code: undefined, leftOut: [] };
  return {
    entry: { ...entry, snapshot: { ...snapshot, brain: proved } },
    code,
    origin: null,
    warnings: leftOut.map(warnOfLeftOut),
  };
}

/** The Brain's part, as its own bytes tell: it may be torn, because it was copied while it was written to. */
async function proveBrain(
  folder: string,
  brain: DatabasePart,
  scratch: string,
  signal: AbortSignal,
): Promise<DatabasePart> {
  const file = join(folder, snapshotFiles.brain);
  const inspected = inspectDatabaseFile(file);
  if (inspected.kind !== 'sqlite') {
    throw new AppError('snapshot-damaged', `${file} is no SQLite database (${inspected.kind}).`, {
      hint: 'Use another snapshot, or bring only the code back: --only code.',
    });
  }
  const check = await checkPublishedDatabase({ file, scratchFolder: scratch, untrusted: true, signal });
  const { integrity, tables, pageCount, userVersion, foreignKeyViolations } = check;
  const { pageSize, journalMode } = inspected.header;
  const sha256 = await hashFile(file, signal);
  return { ...brain, sha256, pageSize, journalMode, pageCount, tables, userVersion, foreignKeyViolations, integrity };
}

async function openCode(context: EngineContext, folder: string, request: RestoreRequest, scratch: string) {
  const tree = join(scratch, 'code');
  mkdirSync(tree, { mode: 0o700 });
  const { signal, onProgress } = request;
  const brainPath = context.brainPath();
  // Everything, whatever is asked for: only so is it known what the snapshot covers.
  const leftOut = await unfoldLegacy(folder, { target: tree, brainPath, paths: [], fsync: false, signal, onProgress });
  if (leftOut === undefined) return { code: undefined, leftOut: [] };
  const held = readdirSync(tree, { recursive: true, withFileTypes: true }).map((each) =>
    relative(tree, join(each.parentPath, each.name)),
  );
  borrowRootRules(context.root(), tree);
  const { include, exclude } = context.settings();
  // What it holds nothing of, it did not cover: then nothing of that was removed since.
  const covered = include.filter((path) => held.some((each) => isWanted(each, [path])));
  const { entries } = await walkCode({
    root: tree,
    include: covered,
    exclude,
    backups: join(tree, relative(context.root(), context.backups())),
    databasePaths: [brainPath],
    signal,
  });
  const walked = new Set(entries.map(({ path }) => path));
  const unwalked = held.filter((path) => !walked.has(path));
  const skipped = [...leftOut.map(({ path }) => normalizePath(path)), ...unwalked].map(
    (path): Skipped => ({ path, reason: 'replaced' }),
  );
  return { code: createTreeSource(tree, entries, { include: covered, exclude, skipped }), leftOut };
}

/** v1.5 archived folders, not the root's own rule file, by which they leave things out today. */
function borrowRootRules(root: string, tree: string): void {
  const rules = join(root, '.gitignore');
  const borrowed = join(tree, '.gitignore');
  if (lstatSync(rules, { throwIfNoEntry: false })?.isFile() !== true) return;
  if (lstatSync(borrowed, { throwIfNoEntry: false }) !== undefined) return;
  copyFileSync(rules, borrowed);
  chmodSync(borrowed, 0o600);
}
