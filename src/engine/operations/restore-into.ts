import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { formatBytes } from '../../shared/format.ts';
import type { Warning } from '../../shared/model.ts';
import type { RestorePlan, RestoreReport } from '../../shared/restore-plan.ts';
import type { EngineContext } from '../context.ts';
import type { RestoreOptions } from '../engine.ts';
import { isInside } from '../folders.ts';
import { freeBytes } from '../platform/disk-space.ts';
import { syncFolder } from '../platform/durable-file.ts';
import { makeFolder } from '../platform/make-folder.ts';
import { buildTree } from '../restore/build-tree.ts';
import { openCodeSource } from '../restore/code-source.ts';
import { refuseUnknownPaths } from '../restore/gather-restore.ts';
import { isWanted, normalizePath } from '../restore/path-tree.ts';
import { planInto } from '../restore/plan-into.ts';
import { isWhole } from '../restore/plan-restore.ts';
import { restoreFailure } from '../restore/restore-failure.ts';
import { type CatalogEntry, resolveSnapshot } from '../snapshot/catalog.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';
import { withoutRestore } from './restore-report.ts';
import { asReader } from './with-locks.ts';

/** What building a snapshot in that folder would do. Changes nothing. */
export async function planRestoreInto(
  context: EngineContext,
  reference: string,
  folder: string,
  options: RestoreOptions = {},
): Promise<RestorePlan> {
  return asReader(context, 'restore', async () => prepare(context, reference, folder, options).plan);
}

/**
 * Builds a snapshot in another folder, new or empty; nothing is stopped, started or replaced. It is built beside the
 * folder and takes its place by one rename, so a failure leaves nothing.
 */
export function restoreInto(
  context: EngineContext,
  reference: string,
  folder: string,
  options: RestoreOptions = {},
): Promise<RestoreReport> {
  const startedAt = context.clock.now();
  const signal = options.signal ?? new AbortController().signal;
  return asReader(context, 'restore', async () => {
    const { entry, plan } = prepare(context, reference, folder, options);
    refuseLowSpace(plan);
    const partial = `${plan.root}.partial-${randomBytes(4).toString('hex')}`;
    try {
      const warnings = await buildInto(context, entry, plan, partial, { ...options, signal });
      const durationMs = Math.max(0, Math.round(context.clock.now() - startedAt));
      return withoutRestore(plan, durationMs, warnings);
    } catch (error) {
      rmSync(partial, { recursive: true, force: true });
      if (signal.aborted) throw new AppError('cancelled', 'The restore was cancelled.', { cause: error });
      throw restoreFailure(error, plan.root);
    }
  });
}

async function buildInto(
  context: EngineContext,
  entry: CatalogEntry,
  { root: target, scope, paths }: RestorePlan,
  partial: string,
  { signal, onProgress }: RestoreOptions & { readonly signal: AbortSignal },
): Promise<readonly Warning[]> {
  makeFolder(dirname(target));
  mkdirSync(partial, { mode: 0o700 });
  const warnings = await buildTree(entry, {
    scope,
    paths,
    target: realpathSync(partial),
    brainPath: context.brainPath(),
    signal,
    onProgress,
  });
  // What an archive of v1.5 holds is known only now.
  const missing = paths.find((path) => lstatSync(join(partial, path), { throwIfNoEntry: false }) === undefined);
  if (missing !== undefined) {
    throw new AppError('entry-missing', `The snapshot ${entry.snapshot.id} holds no ${missing}.`, {
      hint: `See what it holds: "codex-backup files ${entry.snapshot.id}". Nothing was made.`,
    });
  }
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) rmdirSync(target);
  renameSync(partial, target);
  syncFolder(dirname(target));
  return warnings;
}

function prepare(
  context: EngineContext,
  reference: string,
  folder: string,
  { scope = 'all', paths: given = [], keepNewer = false, keepExtra = false }: RestoreOptions,
): { readonly entry: CatalogEntry; readonly plan: RestorePlan } {
  if (keepNewer || keepExtra) {
    throw new AppError('usage', 'Nothing can be kept in another folder, which is new or empty.', {
      hint: 'Leave --keep-newer and --keep-extra out, or restore into its place, without --to.',
    });
  }
  const entry = resolveSnapshot(requireBackups(context), reference);
  const target = checkTarget(context, folder);
  const paths = given.map(normalizePath);
  const hasCode = scope === 'code' || isWhole(scope);
  const source = entry.snapshot.status === 'legacy' || !hasCode ? undefined : openCodeSource(entry);
  if (entry.snapshot.status !== 'legacy') refuseUnknownPaths(paths, entry, source);
  const files = (source?.entries ?? []).filter(({ path }) => isWanted(path, paths));
  const codeBytes = files.reduce((sum, { size }) => sum + size, 0);
  const free = freeBytes(nearestFolder(target));
  return { entry, plan: planInto({ snapshot: entry.snapshot, target, scope, paths, codeBytes, freeBytes: free }) };
}

function refuseLowSpace({ root, space: { neededBytes, freeBytes: free } }: RestorePlan): void {
  if (neededBytes <= free) return;
  throw new AppError('low-space', `The restore needs ${formatBytes(neededBytes)}, and ${formatBytes(free)} are free.`, {
    hint: `Free some space, or name another folder than ${root} with --to. Nothing was made.`,
    details: { neededBytes, freeBytes: free },
  });
}

const nearestFolder = (path: string): string => (existsSync(path) ? path : nearestFolder(dirname(path)));

function checkTarget(context: EngineContext, folder: string): string {
  const full = resolve(folder);
  const parent = dirname(full);
  const real =
    lstatSync(parent, { throwIfNoEntry: false }) === undefined ? full : join(realpathSync(parent), basename(full));
  const place = [context.root(), context.backups()].find((each) => isInside(each, real));
  if (place !== undefined) {
    throw new AppError('usage', `${real} lies in ${place}.`, { hint: 'Name a folder outside of it with --to.' });
  }
  const stats = lstatSync(real, { throwIfNoEntry: false });
  if (stats === undefined || (stats.isDirectory() && readdirSync(real).length === 0)) return real;
  throw new AppError('target-exists', `${real} is there already and is not an empty folder.`, {
    hint: 'Name a folder that does not exist yet, or an empty one.',
  });
}
