import { existsSync, mkdirSync, readdirSync, realpathSync, rmdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { Adopted } from '../../shared/copies.ts';
import type { CopySettings } from '../../shared/settings.ts';
import type { EngineContext } from '../context.ts';
import { absent } from '../copies/copy-failure.ts';
import { parseMarker } from '../copies/copy-marker.ts';
import { readCopyRecord, writeCopyRecord } from '../copies/copy-state.ts';
import type { CopyStore, StoredSnapshot } from '../copies/copy-store.ts';
import { openCopy, placeOf } from '../copies/open-copy.ts';
import type { AdoptOptions } from '../engine.ts';
import { defaultRoot } from '../folders.ts';
import { replaceFile } from '../platform/durable-file.ts';
import { writeSetting } from '../settings-file.ts';
import { metaFolder } from '../snapshot/meta.ts';
import { folderIdFile, readMarker } from '../snapshot/prepare-backups.ts';
import { asOnlyOne } from './copy.ts';
import { fetchStored } from './fetch-snapshot.ts';
import { recordActivity } from './record-activity.ts';

/**
 * Goes on, on a machine that has never seen the original, with the snapshots that a copy holds: makes the Codex folder
 * where there is none, names the copy in the settings, and brings its snapshots into the backups, the newest first.
 * May be repeated.
 */
export async function adopt(context: EngineContext, from: string, options: AdoptOptions = {}): Promise<Adopted> {
  return inMadeRoot(context, () => adoptInto(context, settingsFor(context, from), options));
}

function adoptInto(context: EngineContext, settings: CopySettings, options: AdoptOptions): Promise<Adopted> {
  const { signal = new AbortController().signal, onlyLatest = false } = options;
  return asOnlyOne(context, settings.name, async () => {
    const { store } = await openCopy(context, settings);
    const { source, copyId } = await identify(store, signal);
    const { snapshots, unreadable } = await store.read(signal);
    const whole = snapshots.filter(({ wrong }) => wrong.length === 0);
    if (whole.length === 0) throw nothingThere(store);
    nameRoot(context);
    takeOver(context, source, store.place);
    if (copyId !== null) nameCopy(context, settings, copyId);
    const brought = await bringAll(context, store, onlyLatest ? whole.slice(0, 1) : whole, options);
    const adopted: Adopted = {
      name: copyId === null ? null : settings.name,
      place: store.place,
      root: context.root(),
      backups: context.backups(),
      found: whole.map(({ id }) => id),
      brought,
      damaged: [...snapshots.filter(({ wrong }) => wrong.length > 0), ...unreadable].map(({ id }) => id),
    };
    const message = `${brought.length} of ${whole.length} snapshots were brought from ${store.place}.`;
    await recordActivity(context, { kind: 'adopt', ok: true, snapshot: brought[0] ?? null, message });
    return adopted;
  });
}

async function bringAll(
  context: EngineContext,
  store: CopyStore,
  wanted: readonly StoredSnapshot[],
  { onBrought, ...options }: AdoptOptions,
): Promise<readonly string[]> {
  const brought: string[] = [];
  for (const stored of wanted) {
    await fetchStored(context, store, stored, options);
    brought.push(stored.id);
    onBrought?.(stored.id, wanted.length - brought.length);
  }
  return brought;
}

/** Makes the Codex folder where there is none, and leaves none behind when nothing has come into it. */
async function inMadeRoot<T>(context: EngineContext, work: () => Promise<T>): Promise<T> {
  const root = context.namedRoot();
  if (existsSync(root)) return work();
  mkdirSync(root, { recursive: true, mode: 0o755 });
  try {
    return await work();
  } finally {
    if (readdirSync(root).length === 0) rmdirSync(root);
  }
}

/** In the settings, so that the next command finds it. */
function nameRoot(context: EngineContext): void {
  const root = context.namedRoot();
  if (context.settings().root === undefined && root !== defaultRoot()) writeSetting(context.home, 'root', root);
}

/** The copy that the settings name already for that place, or one to be. */
function settingsFor(context: EngineContext, from: string): CopySettings {
  const isRemote = /^[^/]+:/.test(from) && !existsSync(from);
  const { copies } = context.settings();
  const place = isRemote ? from.replace(/\/+$/, '') : realPathOr(from);
  const known = copies.find((copy) => placeOf(copy) === place);
  if (known !== undefined) return known;
  const names = new Set(copies.map(({ name }) => name));
  const name = ['adopted', ...copies.map((_, index) => `adopted-${index + 2}`)].find((each) => !names.has(each));
  const common = { name: name ?? 'adopted', schedule: 'afterEach', retention: {} } as const;
  return isRemote ? { ...common, kind: 'rclone', remote: from } : { ...common, kind: 'folder', path: place };
}

function realPathOr(path: string): string {
  const full = resolve(path);
  return existsSync(full) ? realpathSync(full) : full;
}

/** Of a copy, whose it is; a plain backups folder has a mark too, or is of v1.5 and has none. */
async function identify(store: CopyStore, signal: AbortSignal) {
  const text = await store.readMarker(signal);
  if (text !== undefined) return parseMarker(text, store.place);
  if (store.kind === 'folder') return { source: readMarker(store.place), copyId: null };
  throw absent(
    store.place,
    'nothing there says that it is a copy',
    'Check the name of the remote and of the folder on it.',
  );
}

/** The new backups folder becomes the one that the copy is of, unless it is another one's already. */
function takeOver(context: EngineContext, source: string | undefined, place: string): void {
  const backups = context.backups();
  const own = readMarker(backups);
  if (own === source || source === undefined) return;
  if (own !== undefined && readdirSync(backups).some((name) => name.startsWith('codex-backup-'))) {
    throw new AppError('copy-foreign', `${backups} has snapshots of its own, which are not those of ${place}.`, {
      hint: 'Name another backups folder with --backups, or an empty Codex folder with --root.',
    });
  }
  mkdirSync(metaFolder(backups), { recursive: true, mode: 0o700 });
  replaceFile(folderIdFile(backups), `${source}\n`);
}

function nameCopy(context: EngineContext, settings: CopySettings, copyId: string): void {
  const { copies } = context.settings();
  if (!copies.some(({ name }) => name === settings.name)) writeSetting(context.home, 'copies', [...copies, settings]);
  const record = readCopyRecord(context, settings.name, placeOf(settings));
  writeCopyRecord(context, settings.name, { ...record, copyId });
}

function nothingThere({ place, kind }: CopyStore): AppError {
  return new AppError('snapshot-missing', `There is no whole snapshot in ${place}.`, {
    hint:
      kind === 'folder'
        ? 'Name the folder that holds the folders "codex-backup-…".'
        : `Look what is there: "rclone lsf ${place}".`,
  });
}
