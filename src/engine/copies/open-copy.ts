import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { CopySettings } from '../../shared/settings.ts';
import type { EngineContext } from '../context.ts';
import { isInside } from '../folders.ts';
import { readMarker } from '../snapshot/prepare-backups.ts';
import { absent, silent } from './copy-failure.ts';
import { formatMarker, judgeMarker, newMarker, parseMarker } from './copy-marker.ts';
import { type CopyRecord, copyHome, emptyRecord, readCopyRecord } from './copy-state.ts';
import type { CopyStore } from './copy-store.ts';
import { mountAnswers } from './mount-answers.ts';

/** A copy of the settings with its place and what is known of it. */
export interface OpenCopy {
  readonly settings: CopySettings;
  readonly store: CopyStore;
  readonly record: CopyRecord;
}

/** The copy of that name; AppError `copy-unknown` names those that there are. */
export function findCopy(context: EngineContext, name: string): CopySettings {
  const { copies } = context.settings();
  const found = copies.find((copy) => copy.name === name);
  if (found !== undefined) return found;
  const others = copies.map((copy) => copy.name).join(', ');
  throw new AppError('copy-unknown', `There is no copy "${name}".`, {
    hint: others === '' ? 'Name copies in the setting "copies"; docs/copies.md says how.' : `There are: ${others}.`,
  });
}

/** Where a copy is: its folder, or its remote with the folder there. Neither holds a secret. */
export const placeOf = (copy: CopySettings): string =>
  copy.kind === 'folder' ? realPathOf(copy.path) : copy.remote.replace(/\/+$/, '');

/** AppError `copy-absent` where what is mounted there does not answer. */
export async function openCopy(context: EngineContext, settings: CopySettings): Promise<OpenCopy> {
  if (settings.kind === 'folder' && !(await mountAnswers(settings.path))) throw silent(settings.path);
  const place = placeOf(settings);
  const store = await createStore(context, settings);
  return { settings, store, record: readCopyRecord(context, settings.name, place) };
}

async function createStore(context: EngineContext, settings: CopySettings): Promise<CopyStore> {
  if (settings.kind === 'rclone') {
    const [{ createRclone }, { createRcloneStore }] = await Promise.all([
      import('./rclone.ts'),
      import('./rclone-store.ts'),
    ]);
    const { remote, config, name } = settings;
    const cache = join(copyHome(context.home, name), 'manifests');
    return createRcloneStore({ remote, rclone: createRclone({ env: context.env, config }), cache });
  }
  refuseNested(context, settings);
  const { createFolderStore } = await import('./folder-store.ts');
  return createFolderStore(placeOf(settings));
}

export interface IdentifyOptions {
  /** The user asks for it by name: a place without a marker becomes the copy. */
  readonly byHand: boolean;
  /** Forgets which copy it was. */
  readonly anew?: boolean;
  readonly signal: AbortSignal;
}

/** Makes sure that the place is this very copy, or makes it one; answers the id of the copy. */
export async function identifyCopy(
  context: EngineContext,
  { settings, store, record }: OpenCopy,
  { byHand, anew = false, signal }: IdentifyOptions,
): Promise<{ readonly copyId: string; readonly isNew: boolean }> {
  const source = readMarker(context.backups());
  if (source === undefined) {
    throw new AppError('snapshot-missing', 'There is no snapshot yet that could be copied.', {
      hint: 'Take one with "codex-backup run".',
    });
  }
  const text = await store.readMarker(signal);
  const found = text === undefined ? undefined : parseMarker(text, store.place);
  const known = anew ? emptyRecord(store.place) : record;
  if (judgeMarker(found, { copyId: known.copyId, source }, store.place) === 'right' && found !== undefined) {
    store.requireHere();
    return { copyId: found.copyId, isNew: false };
  }
  if (!byHand) {
    throw absent(store.place, 'it was never set up', `Connect it, and run "codex-backup copy ${settings.name}" once.`);
  }
  const marker = newMarker(source, context.clock.now());
  await store.writeMarker(formatMarker(marker), signal);
  store.requireHere();
  return { copyId: marker.copyId, isNew: true };
}

/** Whether the folder of a copy lies on the disk of the backups; null for a remote. */
export function isOnSameDisk(context: EngineContext, { kind, place }: CopyStore): boolean | null {
  if (kind !== 'folder') return null;
  const [there, here] = [place, context.backups()].map((path) => statSync(path, { throwIfNoEntry: false })?.dev);
  return there === undefined || here === undefined ? null : there === here;
}

function refuseNested(context: EngineContext, settings: CopySettings): void {
  if (settings.kind !== 'folder') return;
  const place = placeOf(settings);
  const backups = realPathOf(context.backups());
  const root = context.root();
  if (!isInside(backups, place) && !isInside(place, backups) && !isInside(place, root) && place !== root) return;
  throw new AppError(
    'settings-invalid',
    `The copy ${settings.name} lies in the backups folder, or around it: ${place}.`,
    {
      hint: 'Choose a folder on another disk, in the setting "copies".',
    },
  );
}

/** Links followed as far as the path exists. */
function realPathOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPathOf(parent), basename(path));
}
