import { tmpdir } from 'node:os';
import { formatBytes } from '../../shared/format.ts';
import type { DrillResult, VerifyResult } from '../../shared/results.ts';
import type { EngineContext } from '../context.ts';
import type { CheckOutcome, CheckWork } from '../growth/background-checks.ts';
import type { CheckTask } from '../growth/plan-check.ts';
import { freeBytes } from '../platform/disk-space.ts';
import { resolveSnapshot } from '../snapshot/catalog.ts';
import { findRestorer, findWriter } from './with-locks.ts';

/** How a watcher verifies and drills while it has nothing else to do. */
export const checkWork: CheckWork = { perform, isDisturbed };

async function perform(
  context: EngineContext,
  { kind, id }: CheckTask,
  signal: AbortSignal,
): Promise<CheckOutcome | null> {
  try {
    if (kind === 'drill') {
      if (!hasRoomToDrill(context, id)) return null;
      const { drill } = await import('./drill.ts');
      return outcomeOf(await drill(context, id, { signal, isLowPriority: true }));
    }
    const { verify } = await import('./verify.ts');
    const [result] = await verify(context, [id], { signal, isLowPriority: true });
    return result === undefined ? null : outcomeOf(result);
  } finally {
    // Between checks a watcher needs no threads, and their memory.
    await (await import('../code/pack-pool.ts')).closeWorkers();
  }
}

function outcomeOf({ problems }: VerifyResult | DrillResult): CheckOutcome {
  const [first] = problems;
  return { ok: first === undefined, problem: first === undefined ? '' : `${first.file}: ${first.message}` };
}

/** A drill builds the whole tree, and its databases once more to check them. A full disk says nothing of a snapshot. */
function hasRoomToDrill(context: EngineContext, id: string): boolean {
  const { brain, databases, code } = resolveSnapshot(context.backups(), id).snapshot;
  const databaseBytes = [brain, ...databases].reduce((sum, part) => sum + (part?.bytes ?? 0), 0);
  const need = 2 * databaseBytes + (code?.rawBytes ?? 0) + 100_000_000;
  const free = freeBytes(tmpdir());
  if (free >= need) return true;
  context.logger.info(
    `No drill of ${id} now: ${tmpdir()} has ${formatBytes(free)}, and it needs ${formatBytes(need)}.`,
  );
  return false;
}

/** True while another process takes a snapshot or restores. */
async function isDisturbed(context: EngineContext): Promise<boolean> {
  if ((await findRestorer(context)) !== null) return true;
  return (await findWriter(context))?.what === 'snapshot';
}
