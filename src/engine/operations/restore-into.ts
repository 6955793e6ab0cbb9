import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, realpathSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { RestorePlan, RestoreReport } from '../../shared/restore-plan.ts';
import type { EngineContext } from '../context.ts';
import type { RestoreOptions } from '../engine.ts';
import { isInside } from '../folders.ts';
import { syncFolder } from '../platform/durable-file.ts';
import { writeFailure } from '../platform/system-failure.ts';
import { buildTree } from '../restore/build-tree.ts';
import { normalizePath } from '../restore/path-tree.ts';
import { chooseDatabases } from '../restore/plan-restore.ts';
import { type CatalogEntry, resolveSnapshot } from '../snapshot/catalog.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';
import { asReader } from './with-locks.ts';

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
    const entry = resolveSnapshot(requireBackups(context), reference);
    const target = checkTarget(context, folder);
    const partial = `${target}.partial-${randomBytes(4).toString('hex')}`;
    const plan = planInto(entry, target, options);
    try {
      mkdirSync(dirname(target), { recursive: true });
      mkdirSync(partial, { mode: 0o700 });
      const warnings = await buildTree(entry, {
        scope: plan.scope,
        paths: plan.paths,
        target: realpathSync(partial),
        brainPath: context.brainPath(),
        signal,
        onProgress: options.onProgress,
      });
      if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) rmdirSync(target);
      renameSync(partial, target);
      syncFolder(dirname(target));
      const durationMs = Math.max(0, Math.round(context.clock.now() - startedAt));
      return { id: null, plan, safety: null, replaced: null, startProblem: null, durationMs, warnings };
    } catch (error) {
      rmSync(partial, { recursive: true, force: true });
      if (signal.aborted) throw new AppError('cancelled', 'The restore was cancelled.', { cause: error });
      throw writeFailure(error, target);
    }
  });
}

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

/** Everything is new there, so there is little to plan. */
function planInto({ snapshot }: CatalogEntry, target: string, options: RestoreOptions): RestorePlan {
  const scope = options.scope ?? 'all';
  const { brain, others } = chooseDatabases(snapshot, scope);
  const parts = [...(brain === null ? [] : [brain]), ...others];
  return {
    what: 'restore',
    source: snapshot.id,
    root: target,
    scope,
    paths: (options.paths ?? []).map(normalizePath),
    databases: parts.map((part) => ({
      path: part.path,
      isBrain: part === brain,
      change: 'create',
      bytesNow: 0,
      bytesThen: part.bytes,
      tables: [],
    })),
    code: null,
    space: { neededBytes: 0, freeBytes: 0 },
    steps: [
      { step: 'stage', text: `unpack everything beside ${target}, and verify every byte`, commands: [] },
      { step: 'swap', text: 'give it its name', commands: [] },
    ],
    warnings: [],
  };
}
