import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { formatBytes } from '../../shared/format.ts';
import type { Trigger } from '../../shared/model.ts';
import type { RetentionRules } from '../../shared/retention.ts';
import type { EngineContext } from '../context.ts';
import { freeBytes } from '../platform/disk-space.ts';
import { type CatalogEntry, readCatalog } from '../snapshot/catalog.ts';

/** Rules to show a gain by, where the settings have none. */
const suggested = { rules: { keepLast: 10 }, command: 'codex-backup prune --keep-last 10' };

interface Shortage {
  readonly freeBytes: number;
  readonly needBytes: number;
  /** What is to stay free. */
  readonly reserveBytes: number;
}

/**
 * Throws AppError `low-space`, before anything is written, where an automatic snapshot would eat into the reserve, or
 * one that is asked for (also by a restore) can't fit, because the Brain alone doesn't. A reserve of 0 turns both off.
 */
export async function refuseLowSpace(
  context: EngineContext,
  trigger: Trigger,
  catalog: readonly CatalogEntry[],
): Promise<void> {
  const shortage = findShortage(context, trigger, catalog);
  if (shortage === null) return;
  const { freeBytes: free, needBytes: need, reserveBytes: reserve } = shortage;
  const toStay = reserve > 0 ? `, and ${formatBytes(reserve)} are to stay free` : '';
  const message = `${context.backups()} has ${formatBytes(free)} of free space; the snapshot needs about ${formatBytes(need)}${toStay}.`;
  throw new AppError('low-space', message, {
    hint: await findRoom(context),
    details: { freeBytes: free, needBytes: need, reserveBytes: context.settings().space.reserveBytes },
  });
}

/** Whether a snapshot would be refused for want of space, as things are now. */
export function isShortOfSpace(context: EngineContext, trigger: Trigger): boolean {
  const backups = context.backups();
  return existsSync(backups) && findShortage(context, trigger, readCatalog(backups)) !== null;
}

function findShortage(context: EngineContext, trigger: Trigger, catalog: readonly CatalogEntry[]): Shortage | null {
  const { reserveBytes } = context.settings().space;
  if (reserveBytes === 0) return null;
  const isAutomatic = trigger !== 'manual' && trigger !== 'pre-restore';
  const reserve = isAutomatic ? reserveBytes : 0;
  const needBytes = isAutomatic ? estimateNeed(context, catalog) : brainSize(context);
  const free = freeBytes(context.backups());
  return free >= needBytes + reserve ? null : { freeBytes: free, needBytes, reserveBytes: reserve };
}

/** What the last snapshot alone takes, and what the Brain has grown since; the Brain alone before the first. */
function estimateNeed(context: EngineContext, [newest]: readonly CatalogEntry[]): number {
  const now = brainSize(context);
  if (newest === undefined) return now;
  return newest.snapshot.diskBytes + Math.max(0, now - (newest.snapshot.brain?.bytes ?? 0));
}

/** Of the file alone: what waits in a WAL is mostly newer pages for the same places. A missing one is told by the capture. */
function brainSize(context: EngineContext): number {
  return statSync(join(context.root(), context.brainPath()), { throwIfNoEntry: false })?.size ?? 0;
}

/** What would free space, with how much. */
async function findRoom(context: EngineContext): Promise<string> {
  const { afterEachSnapshot: _when, ...own } = context.settings().retention;
  const hasRules = Object.keys(own).length > 0;
  const rules: RetentionRules = hasRules ? own : suggested.rules;
  const gain = await gainOf(context, rules);
  const command = hasRules ? 'codex-backup prune' : suggested.command;
  if (gain > 0) return `"${command}" would free ${formatBytes(gain)}.`;
  return 'Free some space on that disk, remove snapshots with "codex-backup remove ID", or set "space.reserveBytes" lower.';
}

async function gainOf(context: EngineContext, rules: RetentionRules): Promise<number> {
  try {
    return (await (await import('./prune.ts')).planPrune(context, rules)).freedBytes;
  } catch (error) {
    // Rules that keep nothing free nothing.
    if (error instanceof AppError) return 0;
    throw error;
  }
}
