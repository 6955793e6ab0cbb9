import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { CodePlan, DatabasePlan, FullPlan, PlannedStep, RestorePlan } from '../../shared/restore-plan.ts';
import type { CodeChange } from '../../shared/results.ts';
import { compareRows, unseenTables } from '../brain/compare-rows.ts';
import { readTables } from '../brain/read-copy.ts';
import { sideSuffixes } from '../brain/side-files.ts';
import type { EngineContext } from '../context.ts';
import { freeBytes } from '../platform/disk-space.ts';
import { inverseChanges } from './inverse-changes.ts';
import type { PastRestore } from './list-restores.ts';
import { lookAt } from './live-entry.ts';
import type { WantedChange } from './moves.ts';

/** What undoing a restore would do: everything that it moved aside comes back, and what it brought goes aside. */
export async function planUndo(
  context: EngineContext,
  restore: PastRestore,
  useServices: boolean,
): Promise<RestorePlan> {
  const root = context.root();
  const { folder, begin } = restore;
  const databases = await Promise.all(
    (begin?.replaces ?? []).map((path) => planDatabase(restore, path, path === context.brainPath())),
  );
  const full = findFull(restore);
  return {
    what: 'undo',
    source: folder.id,
    root,
    scope: 'all',
    paths: [],
    databases,
    code: full === undefined ? planFiles(restore, databases) : null,
    ...(full === undefined ? {} : { full }),
    space: { neededBytes: 0, freeBytes: freeBytes(dirname(root)) },
    steps: planSteps(context, useServices, full),
    warnings: [],
  };
}

/** The old root and the backups folder of a restore that replaced the root whole. */
function findFull({ folder, records }: PastRestore): FullPlan | undefined {
  const moves = inverseChanges(records, folder, '')
    .flat()
    .filter((change) => change.kind === 'move');
  const whole = moves.find(({ to }) => to === folder.root);
  if (whole === undefined) return undefined;
  const backups = moves.find(({ from, to }) => from.startsWith(`${folder.root}/`) && to.startsWith(`${whole.from}/`));
  return {
    oldRoot: whole.from,
    backups: backups === undefined ? null : relative(folder.root, backups.from),
    carried: [],
    left: [],
  };
}

function planSteps(context: EngineContext, useServices: boolean, full: FullPlan | undefined): readonly PlannedStep[] {
  const { stop, start } = context.settings().restore;
  const step = (name: PlannedStep['step'], text: string, command?: readonly string[]): PlannedStep => ({
    step: name,
    text,
    commands: command === undefined ? [] : [{ command, folder: '', reasons: [] }],
  });
  return [
    step('preflight', 'check space, permissions, locks and commands'),
    useServices
      ? step('stop', 'stop Codex, and prove by its ports and open files that it stopped', stop)
      : step('stop', 'prove that no process has a database open'),
    step('safety', 'take a snapshot of everything as it is now'),
    step(
      'swap',
      full === undefined
        ? 'move what the restore brought aside, and what it had replaced back'
        : `move the Codex folder aside with all that was made in it since, and ${full.oldRoot} back in its place`,
    ),
    ...(useServices ? [step('start', 'start Codex, and wait until it is healthy', start)] : []),
  ];
}

async function planDatabase(restore: PastRestore, path: string, isBrain: boolean): Promise<DatabasePlan> {
  const { folder } = restore;
  const kept = findKept(restore, path);
  const live = join(folder.base, folder.root, path);
  const tables = lookAt(kept) === undefined ? [] : await tablesOf(kept);
  const now = lookAt(live) === undefined ? undefined : compareRows(live, tables);
  const isKept = lookAt(kept) !== undefined;
  return {
    path,
    isBrain,
    change: isKept ? 'replace' : 'remove',
    bytesNow: Number(lookAt(live)?.size ?? 0n),
    bytesThen: Number(lookAt(kept)?.size ?? 0n),
    // The same tables while a program locks it for a moment: a plan that was seen is to hold then, too.
    tables: (now?.tables ?? unseenTables(tables)).map(({ name, rowsNow, rowsThen, rowsSince, from, to }) => ({
      name,
      rowsNow,
      rowsThen,
      rowsLost: rowsSince,
      lostFrom: from,
      lostTo: to,
      isKept: false,
    })),
  };
}

/** Where that which comes back to a path of the root is kept, itself or in a folder; nothing lies there if nothing does. */
function findKept(restore: PastRestore, path: string): string {
  const { folder, records } = restore;
  const full = findFull(restore);
  if (full !== undefined) return join(folder.base, full.oldRoot, path);
  const live = `${folder.root}/${path}`;
  const back = inverseChanges(records, folder, '')
    .flat()
    .filter((change) => comes(change, folder.root))
    .find(({ to }) => live === to || live.startsWith(`${to}/`));
  return back === undefined
    ? join(folder.path, 'replaced', 'files', path)
    : join(folder.base, back.from + live.slice(back.to.length));
}

/** A file that can't be read comes back all the same. */
async function tablesOf(file: string) {
  try {
    return await readTables(file);
  } catch {
    return [];
  }
}

/** The files that come back, change or go, by the changes that undo those of the journal. */
function planFiles({ folder, records }: PastRestore, databases: readonly DatabasePlan[]): CodePlan {
  const inverse = inverseChanges(records, folder, '').flat();
  const isDatabase = new Set(databases.flatMap(({ path }) => ['', ...sideSuffixes].map((suffix) => path + suffix)));
  const inside = (path: string): string => relative(folder.root, path);
  const filesAt = (place: string, path: string): readonly (readonly [string, number])[] =>
    listFiles(join(folder.base, place)).map(([inner, bytes]) => [inner === '' ? path : `${path}/${inner}`, bytes]);
  const going = new Map(
    inverse.flatMap((change) => (goes(change, folder.root) ? filesAt(change.from, inside(change.from)) : [])),
  );
  const coming = new Map(
    inverse.flatMap((change) => (comes(change, folder.root) ? filesAt(change.from, inside(change.to)) : [])),
  );
  const paths = [...new Set([...going.keys(), ...coming.keys()])].filter((path) => !isDatabase.has(path)).sort();
  const changes = paths.map((path): CodeChange => {
    const [before, after] = [going.get(path), coming.get(path)];
    const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
    return { path, change, bytesBefore: before ?? 0, bytesAfter: after ?? 0 };
  });
  return { services: [], changes, moves: [], asideWithUncovered: [], kept: [] };
}

type MoveWanted = Extract<WantedChange, { kind: 'move' }>;

const goes = (change: WantedChange, root: string): change is MoveWanted =>
  change.kind === 'move' && change.from.startsWith(`${root}/`);

const comes = (change: WantedChange, root: string): change is MoveWanted =>
  change.kind === 'move' && change.to.startsWith(`${root}/`);

/** The files and links at a path, with their sizes; '' for the path itself. */
function listFiles(place: string): readonly (readonly [string, number])[] {
  const stats = lookAt(place);
  if (stats === undefined) return [];
  if (!stats.isDirectory()) return [['', Number(stats.size)]];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const full = join(entry.parentPath, entry.name);
      return [relative(place, full), Number(lookAt(full)?.size ?? 0n)];
    });
}
