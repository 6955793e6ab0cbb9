import type { CopyTest } from '../../shared/copies.ts';
import type { EngineContext } from '../context.ts';
import { writeCopyRecord } from '../copies/copy-state.ts';
import { findCopy, identifyCopy, openCopy } from '../copies/open-copy.ts';
import type { OperationOptions } from '../engine.ts';
import { asOnlyOne } from './copy.ts';

/** Writes a small file to a copy, reads it back and removes it. A place that is new is marked as the copy by it. */
export async function testCopy(
  context: EngineContext,
  name: string,
  { signal = new AbortController().signal }: OperationOptions = {},
): Promise<CopyTest> {
  const startedAt = context.clock.now();
  const settings = findCopy(context, name);
  return asOnlyOne(context, name, async () => {
    const opened = await openCopy(context, settings);
    const { store, record } = opened;
    const { copyId, isNew } = await identifyCopy(context, opened, { byHand: true, signal });
    await store.test(signal);
    writeCopyRecord(context, name, { ...record, copyId });
    const free = await store.freeBytes(signal);
    const durationMs = Math.max(0, context.clock.now() - startedAt);
    return { name, place: store.place, durationMs, freeBytes: free, isNew };
  });
}
