import { AppError } from '../../shared/app-error.ts';
import type { Snapshot } from '../../shared/model.ts';
import type { SnapshotDetail } from '../../shared/results.ts';
import type { EngineContext } from '../context.ts';
import { absent } from '../copies/copy-failure.ts';
import type { StoreContents, StoredSnapshot } from '../copies/copy-store.ts';
import { describeStored } from '../copies/describe-stored.ts';
import { findCopy, type OpenCopy, openCopy } from '../copies/open-copy.ts';
import type { OperationOptions } from '../engine.ts';
import { findReferenced } from '../snapshot/catalog.ts';
import { noMeta } from '../snapshot/meta.ts';
import { detailOf } from './show.ts';

/** The snapshots of a copy, newest first. */
export async function listCopy(
  context: EngineContext,
  name: string,
  options: OperationOptions = {},
): Promise<readonly Snapshot[]> {
  const { store, contents } = await lookIntoCopy(context, name, options);
  return describeStored(store.place, contents.snapshots);
}

export async function showCopy(
  context: EngineContext,
  name: string,
  reference: string,
  options: OperationOptions = {},
): Promise<SnapshotDetail> {
  const { store, contents } = await lookIntoCopy(context, name, options);
  const { id, manifest } = findStored(contents, reference, store.place);
  const snapshot = describeStored(store.place, contents.snapshots).find((each) => each.id === id);
  if (snapshot === undefined) throw new Error(`${id} was found and is not described`);
  return detailOf({ snapshot, manifest, meta: noMeta });
}

/** A copy with what lies in it. Changes nothing; `copy-absent` where nothing says that it is a copy. */
export async function lookIntoCopy(
  context: EngineContext,
  name: string,
  { signal = new AbortController().signal }: OperationOptions,
): Promise<OpenCopy & { readonly contents: StoreContents }> {
  const opened = await openCopy(context, findCopy(context, name));
  const { store } = opened;
  if ((await store.readMarker(signal)) === undefined) throw absent(store.place, 'nothing there says that it is a copy');
  return { ...opened, contents: await store.read(signal) };
}

/** The stored snapshot that a user means. */
export function findStored({ snapshots }: StoreContents, reference: string, place: string): StoredSnapshot {
  const ids = snapshots.map(({ id }) => id);
  const id = reference === 'latest' ? ids[0] : findReferenced(ids, reference, place);
  const found = snapshots.find((snapshot) => snapshot.id === id);
  if (found !== undefined) return found;
  throw new AppError('snapshot-missing', `There is no snapshot in ${place} yet.`, {
    hint: 'See what the copies hold with "codex-backup copies".',
  });
}
