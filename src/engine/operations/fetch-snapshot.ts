import { AppError } from '../../shared/app-error.ts';
import type { Snapshot } from '../../shared/model.ts';
import type { EngineContext } from '../context.ts';
import type { CopyStore, StoredSnapshot } from '../copies/copy-store.ts';
import { fetchIncoming } from '../copies/fetch.ts';
import { publishIncoming } from '../copies/folder-store.ts';
import type { OperationOptions } from '../engine.ts';
import { writeFailure } from '../platform/system-failure.ts';
import { openSnapshot, readCatalog } from '../snapshot/catalog.ts';
import { updateMeta } from '../snapshot/meta.ts';
import { asOnlyOne } from './copy.ts';
import { findStored, lookIntoCopy } from './look-into-copy.ts';
import { recordActivity } from './record-activity.ts';
import { asFirstWriter } from './with-locks.ts';

/** How long a snapshot that has arrived waits for one that is being taken. */
const waitMs = 60_000;

/** Brings a snapshot from a copy into the backups folder, so that it is restored as any other. */
export async function fetchSnapshot(
  context: EngineContext,
  name: string,
  reference: string,
  options: OperationOptions = {},
): Promise<Snapshot> {
  return asOnlyOne(context, name, async () => {
    const { store, contents } = await lookIntoCopy(context, name, options);
    const stored = findStored(contents, reference, store.place);
    return fetchStored(context, store, stored, options);
  });
}

/** The same of a snapshot that has been found. One that is in the backups already stays what it is. */
export async function fetchStored(
  context: EngineContext,
  store: CopyStore,
  stored: StoredSnapshot,
  { signal = new AbortController().signal, onProgress }: OperationOptions,
): Promise<Snapshot> {
  const backups = context.backups();
  const { id, pinned, note } = stored;
  await asFirstWriter(context, 'fetch', async () => undefined);
  const catalog = readCatalog(backups);
  const known = catalog.find(({ snapshot }) => snapshot.id === id);
  if (known !== undefined && known.manifest !== null && known.damagedFiles.size === 0) return known.snapshot;
  try {
    await fetchIncoming({ store, stored, folder: backups, catalog, signal, onProgress });
    await asFirstWriter(
      context,
      'fetch',
      async () => {
        publishIncoming(backups, id, () => undefined);
        if (pinned || note !== '') updateMeta(backups, id, (meta) => ({ ...meta, pinned, note }));
      },
      waitMs,
    );
  } catch (error) {
    if (signal.aborted) throw new AppError('cancelled', 'It was cancelled; what has arrived stays.', { cause: error });
    throw writeFailure(error, backups);
  }
  await recordActivity(context, {
    kind: 'fetch',
    ok: true,
    snapshot: id,
    message: `It was brought from ${store.place}.`,
  });
  return openSnapshot(backups, id).snapshot;
}
