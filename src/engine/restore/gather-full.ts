import { basename, relative } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { CodePlan, FullPlan } from '../../shared/restore-plan.ts';
import { withSideFiles } from '../code/builtin-excludes.ts';
import type { EngineContext } from '../context.ts';
import { isInside } from '../folders.ts';
import type { CatalogEntry } from '../snapshot/catalog.ts';
import type { CodeSource } from './code-source.ts';
import { findCarried } from './find-carried.ts';
import { readRootFacts, refuseFullRestore } from './refuse-full.ts';

export interface FullOptions {
  readonly paths: readonly string[];
  readonly keepExtra: boolean;
  readonly keepNewer: boolean;
}

/** Refuses a full restore that can't be done, before anything is looked at. */
export function refuseFull(context: EngineContext, { paths, keepExtra, keepNewer }: FullOptions): void {
  refuseFullRestore(readRootFacts(context));
  const options = { '--path': paths.length > 0, '--keep-extra': keepExtra, '--keep-newer': keepNewer };
  const [option] = Object.entries(options).flatMap(([name, isGiven]) => (isGiven ? [name] : []));
  if (option === undefined) return;
  throw new AppError('usage', `${option} has no meaning for a full restore, which builds a fresh folder.`, {
    hint: `Leave ${option} out, or use --only all.`,
  });
}

/** What moves where when the root is replaced whole. */
export function gatherFull(
  context: EngineContext,
  { snapshot }: CatalogEntry,
  source: CodeSource | undefined,
): FullPlan {
  const root = context.root();
  const backups = context.backups();
  if (source === undefined) {
    throw new AppError(
      'restore-refused',
      `The snapshot ${snapshot.id} holds no code, so no folder can be built of it.`,
      {
        hint: 'Use another snapshot, or --only brain.',
      },
    );
  }
  const databases = [snapshot.brain, ...snapshot.databases].flatMap((part) => (part === null ? [] : [part.path]));
  const held = new Map([
    ...source.entries.map(({ path, kind }) => [path, kind === 'folder'] as const),
    ...databases.map((path) => [path, false] as const),
  ]);
  const patterns = context.settings().restore.carryOver;
  const today = withSideFiles([context.brainPath(), ...databases]);
  const time = new Date(context.clock.now()).toISOString().replaceAll(/[:.]/g, '-');
  return {
    oldRoot: `${basename(root)}-old-${time}`,
    backups: isInside(root, backups) && backups !== root ? relative(root, backups) : null,
    ...findCarried({ root, backups, patterns, held, databases: today }),
  };
}

/** In a fresh root everything is new: no service has modules there, or anything built. */
export function asFresh(code: CodePlan, source: CodeSource): CodePlan {
  const names = new Set(source.entries.map(({ path }) => path.split('/')[0] ?? ''));
  return { ...code, moves: ['', ...names].map((path) => ({ kind: 'bring', path })) };
}
