import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { uncoveredPaths } from '../../shared/coverage.ts';
import type { Coverage, CoverageAnswer, CoverageChange } from '../../shared/results.ts';
import type { EngineContext } from '../context.ts';
import { writeSetting } from '../settings-file.ts';
import { readCatalog } from '../snapshot/catalog.ts';
import { auditCoverage } from '../snapshot/coverage.ts';
import { recordActivity } from './record-activity.ts';

/** What the next snapshot would not hold, and the user has not left out. */
export function findUncovered(context: EngineContext, added: readonly string[] = []): Coverage {
  const { include, exclude, leftOut } = context.settings();
  const newest = readCatalog(context.backups())[0]?.snapshot;
  return auditCoverage({
    root: context.root(),
    include: [...include, ...added],
    exclude,
    leftOut,
    backups: context.backups(),
    brainPath: context.brainPath(),
    databases: newest?.databases.map(({ path }) => path) ?? [],
  });
}

/**
 * Adds paths to the include list, and others to what is left out; `all` of what is uncovered, but for what the other
 * list names. AppError `usage` for a path that is not there, before anything is changed.
 */
export async function answerCoverage(context: EngineContext, answer: CoverageAnswer): Promise<CoverageChange> {
  const [toAdd, toLeave] = [namedPaths(context, answer.add), namedPaths(context, answer.leaveOut)];
  const added = answer.add === 'all' ? planAll(context, toLeave) : toAdd;
  const open = uncoveredPaths(findUncovered(context, added));
  const leftOut = answer.leaveOut === 'all' ? withoutNested(open) : toLeave;
  const settings = context.settings();
  await addToSetting(context, 'include', settings.include, added);
  await addToSetting(context, 'leftOut', settings.leftOut, leftOut);
  return { added, leftOut, coverage: findUncovered(context.renew()) };
}

/** All that is uncovered. A database comes with its service, unless git's rules leave it out there: then it is named. */
function planAll(context: EngineContext, but: readonly string[]): readonly string[] {
  const isWanted = (path: string): boolean => !isCoveredBy(path, but);
  const first = withoutNested(uncoveredPaths(findUncovered(context)).filter(isWanted));
  return [...first, ...uncoveredPaths(findUncovered(context, first)).filter(isWanted)];
}

function namedPaths(context: EngineContext, paths: CoverageAnswer['add']): readonly string[] {
  return paths === undefined || paths === 'all' ? [] : paths.map((path) => pathInRoot(context.root(), path));
}

/** A path as the settings have it. */
function pathInRoot(root: string, path: string): string {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  const inner = names.join('/');
  if (path.startsWith('/') || names.includes('..') || inner === '' || !existsSync(join(root, inner))) {
    throw new AppError('usage', `${root} holds no ${path === '' ? 'such path' : path}.`, {
      hint: 'Name paths as "codex-backup doctor" shows them, relative to the Codex folder.',
    });
  }
  return inner;
}

const isCoveredBy = (path: string, others: readonly string[]): boolean =>
  others.some((other) => path === other || path.startsWith(`${other}/`));

function withoutNested(paths: readonly string[]): readonly string[] {
  return paths.filter(
    (path) =>
      !isCoveredBy(
        path,
        paths.filter((other) => other !== path),
      ),
  );
}

async function addToSetting(
  context: EngineContext,
  key: 'include' | 'leftOut',
  before: readonly string[],
  paths: readonly string[],
): Promise<void> {
  const fresh = paths.filter((path) => !before.includes(path));
  if (fresh.length === 0) return;
  writeSetting(context.home, key, [...before, ...fresh]);
  const what = key === 'include' ? 'added to the include list' : 'left out knowingly';
  const message = `${fresh.join(', ')} ${fresh.length === 1 ? 'was' : 'were'} ${what}.`;
  context.logger.info(message);
  await recordActivity(context, { kind: 'settings', ok: true, snapshot: null, message });
}
