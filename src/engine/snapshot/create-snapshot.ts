import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../shared/app-error.ts';
import { type Snapshot, snapshotFiles } from '../../shared/model.ts';
import { startCheckProcess } from '../brain/check.ts';
import type { CodeEntry } from '../code/code-entry.ts';
import { findRootEnvFiles, readEnvKeys } from '../code/env-files.ts';
import { readGitCommit } from '../code/git-commit.ts';
import { warmWorkers } from '../code/pack-pool.ts';
import { looksUnchanged } from '../code/reuse-packs.ts';
import { digestSources, hasRacyEntry } from '../code/source-digest.ts';
import type { EngineContext } from '../context.ts';
import type { RunOptions } from '../engine.ts';
import { writeNewFile } from '../platform/durable-file.ts';
import { failPoint } from '../platform/fail-point.ts';
import { once, rememberLast } from '../platform/remember.ts';
import { settleBoth } from '../platform/settle-both.ts';
import { keepHeapSmall } from '../platform/small-heap.ts';
import { writeFailure } from '../platform/system-failure.ts';
import { captureDatabases, checkDatabases } from './capture-databases.ts';
import { type CatalogEntry, findArchiveToReuse, findBaseline, openSnapshot, readCatalog } from './catalog.ts';
import { composeManifest } from './compose-manifest.ts';
import type { VouchedFile } from './describe-snapshot.ts';
import { surveyRoot, withoutHeld } from './find-databases.ts';
import { decodeManifest, encodeManifest, type Manifest } from './manifest.ts';
import { type NewSnapshot, noticeLoss } from './notice-loss.ts';
import { openPreviousArchive } from './previous-archive.ts';
import { restoreText } from './restore-text.ts';
import { createStaging, type Staging } from './staging.ts';
import { type StoredCode, storeCode } from './store-code.ts';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Takes one snapshot and publishes it, or leaves nothing behind and throws. The caller holds the writer lock and has
 * swept the backups folder. `beforeWriting` may refuse it by throwing.
 */
export async function createSnapshot(
  context: EngineContext,
  options: RunOptions,
  beforeWriting: (catalog: readonly CatalogEntry[]) => Promise<void> = async () => undefined,
): Promise<Snapshot> {
  const backups = context.backups();
  const signal = options.signal ?? new AbortController().signal;
  const checker = startCheckProcess();
  let staging: Staging | undefined;
  let catalog: readonly CatalogEntry[] = [];
  try {
    catalog = readCatalog(backups);
    await beforeWriting(catalog);
    staging = createStaging(backups, context.clock.now());
    failPoint('snapshot:staged');
    const manifest = await fillStaging(context, options, { catalog, staging, checker, signal });
    await writeManifest(staging, manifest);
    failPoint('snapshot:manifest');
    await letSignalsIn();
    signal.throwIfAborted();
    options.onProgress?.({ phase: 'publish', done: 0, total: 1, unit: 'snapshots' });
    publish(context, findBaseline(catalog), staging, manifest);
  } catch (error) {
    if (staging !== undefined) discard(staging, context);
    if (signal.aborted) throw cancelled(error);
    throw writeFailure(error, staging?.folder ?? backups);
  } finally {
    checker.close();
  }
  // It has no record yet, and one that can't be read must not make a failure of what is published.
  return openSnapshot(backups, staging.id, false).snapshot;
}

/** What the snapshot misses is known before it is there, so that pruning can't come first. */
function publish(context: EngineContext, good: CatalogEntry | undefined, staging: Staging, { brain }: Manifest): void {
  const withdraw = compare(context, good, { id: staging.id, path: staging.folder, brain });
  try {
    staging.publish();
  } catch (error) {
    withdraw();
    throw error;
  }
}

/** The snapshot is worth more than the comparison. */
function compare(context: EngineContext, good: CatalogEntry | undefined, snapshot: NewSnapshot): () => void {
  try {
    return noticeLoss(context, good, snapshot);
  } catch (error) {
    context.logger.error(`${snapshot.id} could not be compared with the last good snapshot: ${String(error)}`);
    return () => undefined;
  }
}

/** A Ctrl-C of the last moment is seen once the event loop has looked for it: between two turns, not before the first. */
async function letSignalsIn(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/** What stays is swept by the next run; the reason why the snapshot failed is what has to be told. */
function discard(staging: Staging, { logger }: EngineContext): void {
  try {
    staging.discard();
  } catch (error) {
    logger.warn(`${staging.folder} could not be removed: ${String(error)}`);
  }
}

interface Work {
  readonly catalog: readonly CatalogEntry[];
  readonly staging: Staging;
  readonly checker: ReturnType<typeof startCheckProcess>;
  readonly signal: AbortSignal;
}

async function fillStaging(context: EngineContext, options: RunOptions, work: Work): Promise<Manifest> {
  const { catalog, staging, checker, signal } = work;
  const { onProgress } = options;
  const startedAtMs = context.clock.now();
  const settings = context.settings();
  const root = context.root();
  const baseline = findBaseline(catalog)?.manifest ?? undefined;
  const reuse = findArchiveToReuse(catalog);
  const previous = reuse === undefined ? undefined : openPreviousArchive(context, reuse);
  const warmOnce = once(warmWorkers);
  if (previous === undefined) {
    keepHeapSmall();
    warmOnce();
  }
  const digest = rememberLast(digestSources);
  const isOfPrevious = (entries: readonly CodeEntry[]): boolean =>
    previous?.sourcesSha256 !== undefined && previous.sourcesSha256 === digest(entries);
  const { walk, databases } = await surveyRoot({
    root,
    include: settings.include,
    exclude: settings.exclude,
    backups: context.backups(),
    brainPath: context.brainPath(),
    knownDatabases: baseline?.databases.map(({ path }) => path) ?? [],
    // Threads take as long to start as the walk takes.
    onTouched: reuse && { sinceMs: Date.parse(reuse.snapshot.createdAt), notice: warmOnce },
    findUnknown: (entries) => (isOfPrevious(entries) ? [] : withoutHeld(entries, previous?.index())),
    signal,
    onProgress,
  });
  const isSame = isOfPrevious(walk.entries);
  const index = isSame ? undefined : previous?.index();
  if (index !== undefined && !looksUnchanged(walk.entries, index)) warmOnce();
  // Every database is copied and closed before the first file of the code is opened: closing any descriptor of a
  // database's file would drop the locks under which it is being copied.
  const captured = await captureDatabases({
    root,
    brainPath: context.brainPath(),
    databases,
    staging,
    automatic: options.trigger !== 'manual',
    bytesPerMs: copySpeed(baseline),
    deadlineMs: settings.capture.deadlineSeconds * 1000,
    maxWalBytes: settings.capture.maxWalBytes,
    confirmHold: options.confirmHold,
    signal,
    onProgress,
  });
  failPoint('snapshot:captured');
  const fullReadAt = reuse?.manifest?.code?.fullReadAt;
  const rereadAll =
    fullReadAt !== undefined && startedAtMs - Date.parse(fullReadAt) > settings.verify.rereadDays * dayMs;
  const [stored, { brain, databases: databaseParts }] = await settleBoth(
    storeCode({ root, entries: walk.entries, staging, previous, isSame, rereadAll, startedAtMs, signal, onProgress }),
    checkDatabases(captured, staging, checker, { signal, onProgress }),
  );
  failPoint('snapshot:code');
  if (stored.problems.length > 0) throw readBackFailure(stored.problems);
  const createdAt = staging.createdAt.toISOString();
  const text = restoreText({ id: staging.id, createdAt, root, brain, databases: databaseParts });
  const restoreFile = writeTextFile(staging, snapshotFiles.restoreText, text);
  return composeManifest({
    id: staging.id,
    createdAt,
    trigger: options.trigger,
    root,
    // A clock may be set back meanwhile.
    durationMs: Math.max(0, Math.round(context.clock.now() - startedAtMs)),
    catalog,
    brain,
    databases: databaseParts,
    code: {
      ...stored.code,
      include: settings.include,
      exclude: settings.exclude,
      gitCommit: readGitCommit(root),
      fullReadAt: fullReadAt === undefined || rereadAll ? createdAt : fullReadAt,
      ...(areProven(walk.entries, stored, startedAtMs) && { sourcesSha256: digest(walk.entries) }),
    },
    skipped: [...walk.skipped, ...captured.skipped, ...stored.skipped],
    envFiles: readEnvKeys(root, [...findRootEnvFiles(root), ...walk.envPaths]),
    warnings: [...walk.warnings, ...captured.warnings, ...stored.warnings],
    files: [stored.index, restoreFile],
  });
}

/** Whether equal stats will mean equal contents: all were read without a remark, and none was touched just before. */
function areProven(entries: readonly CodeEntry[], { skipped, warnings }: StoredCode, startedAtMs: number): boolean {
  return skipped.length === 0 && warnings.length === 0 && !hasRacyEntry(entries, startedAtMs);
}

/** How fast the Brain was copied last time, in bytes per millisecond. */
function copySpeed(baseline: Manifest | undefined): number | undefined {
  const brain = baseline?.brain;
  return brain && brain.bytes > 50_000_000 && brain.lockHeldMs > 0 ? brain.bytes / brain.lockHeldMs : undefined;
}

function readBackFailure(problems: readonly { file: string; message: string }[]): AppError {
  const [first] = problems;
  return new AppError('io', `Reading back ${first?.file ?? 'the archive'} failed: ${first?.message ?? ''}.`, {
    hint: 'Nothing was published. The disk may be failing: check it, then try again.',
    details: { problems },
  });
}

function cancelled(cause: unknown): AppError {
  return new AppError('cancelled', 'The snapshot was cancelled. Nothing was published.', {
    hint: 'Earlier snapshots are as they were.',
    cause,
  });
}

function writeTextFile(staging: Staging, file: string, text: string): VouchedFile {
  const bytes = Buffer.from(text);
  writeNewFile(staging.place(file), bytes);
  failPoint('snapshot:text');
  const read = readFileSync(join(staging.folder, file));
  return { file, bytes: read.length, sha256: createHash('sha256').update(read).digest('hex') };
}

/** Writes the manifest last, and reads it back as every reader will. */
async function writeManifest(staging: Staging, manifest: Manifest): Promise<void> {
  const path = staging.place(snapshotFiles.manifest);
  writeNewFile(path, encodeManifest(manifest));
  decodeManifest(readFileSync(path), path);
}
