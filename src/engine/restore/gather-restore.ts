import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { CodePlan, RestorePlan, RestoreScope } from '../../shared/restore-plan.ts';
import type { EngineContext } from '../context.ts';
import { freeBytes } from '../platform/disk-space.ts';
import type { CatalogEntry } from '../snapshot/catalog.ts';
import type { CodeSource } from './code-source.ts';
import { gatherCode, type Untouchable } from './gather-code.ts';
import { gatherDatabases } from './gather-databases.ts';
import { asFresh, gatherFull } from './gather-full.ts';
import { gatherPackages } from './gather-packages.ts';
import { isWanted } from './path-tree.ts';
import { planCode } from './plan-code.ts';
import { chooseDatabases, planRestore } from './plan-restore.ts';
import type { RestoreSource } from './restore-source.ts';
import { askNodeAbi } from './services/module-abi.ts';
import { planServices, type ServicesPlan } from './services/plan-services.ts';

/** What is asked for. */
export interface RestoreRequest {
  readonly scope: RestoreScope;
  /** Only these, relative to the root. */
  readonly paths: readonly string[];
  readonly keepExtra: boolean;
  readonly keepNewer: boolean;
  /** False: nothing is stopped, built or started. */
  readonly useServices: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress | undefined;
}

/** A plan with what it was made from. */
export interface PreparedRestore {
  readonly plan: RestorePlan;
  readonly entry: CatalogEntry;
  /** Undefined where no code is restored. */
  readonly source: CodeSource | undefined;
  readonly request: RestoreRequest;
}

/** Looks at the snapshot and at the root, changes nothing, and plans. */
export async function prepareRestore(
  context: EngineContext,
  { entry, code: source, origin, warnings }: RestoreSource,
  request: RestoreRequest,
): Promise<PreparedRestore> {
  const root = context.root();
  const { snapshot } = entry;
  const isFull = request.scope === 'full';
  const gathered = source === undefined ? undefined : await planCodeNow(context, entry, source, request);
  const full = isFull ? gatherFull(context, entry, source) : undefined;
  const found = gathered?.code ?? null;
  const code = found === null || full === undefined ? found : { ...found, moves: [], asideWithUncovered: [] };
  const services: ServicesPlan =
    source === undefined || code === null || !request.useServices
      ? { steps: [], warnings: [] }
      : await planServicesNow(context, source, isFull ? asFresh(code, source) : code, request);
  const chosen = chooseDatabases(snapshot, request.scope);
  const parts = [...(chosen.brain === null ? [] : [chosen.brain]), ...chosen.others];
  const wanted = parts.filter(({ path }) => isWanted(path, request.paths));
  const databases = gatherDatabases(root, wanted.find((part) => part === chosen.brain) ?? null, [
    ...wanted.filter((part) => part !== chosen.brain),
  ]);
  refuseUnknownPaths(request.paths, entry, source);
  const plan = planRestore({
    snapshot,
    origin,
    warnings,
    nodeVersion: process.version,
    root,
    scope: request.scope,
    paths: request.paths,
    keepNewer: request.keepNewer,
    code,
    full,
    untouchable: isFull ? [] : (gathered?.untouchable ?? []),
    databases,
    services,
    commands: context.settings().restore,
    useServices: request.useServices,
    stagedBytes: isFull ? (source?.entries.reduce((sum, { size }) => sum + size, 0) ?? 0) : undefined,
    cloneBytes: request.useServices && !isFull ? measureClones(root, services) : 0,
    safetyBytes: measureSafety(context, snapshot.brain?.bytes ?? 0),
    freeBytes: freeBytes(dirname(root)),
  });
  return { plan, entry, source, request };
}

/** The code part of a plan, from what lies there at this moment. */
export async function planCodeNow(
  context: EngineContext,
  { snapshot }: CatalogEntry,
  source: CodeSource,
  { paths, keepExtra, signal, onProgress }: RestoreRequest,
): Promise<{ readonly code: CodePlan; readonly untouchable: readonly Untouchable[] }> {
  const databases = [snapshot.brain, ...snapshot.databases].flatMap((part) => (part === null ? [] : [part.path]));
  const facts = await gatherCode({ context, source, databases, paths, signal, onProgress });
  return { code: planCode(facts, { keepExtra, paths }), untouchable: facts.untouchable };
}

async function planServicesNow(
  context: EngineContext,
  source: CodeSource,
  plan: CodePlan,
  { paths }: RestoreRequest,
): Promise<ServicesPlan> {
  const packages = await gatherPackages({ root: context.root(), source, plan, paths });
  // Only where modules are bound to one Node is it worth asking which one there is.
  const isBound = packages.some(({ moduleAbi }) => moduleAbi !== undefined);
  const nodeAbi = isBound ? await askNodeAbi(context.env) : undefined;
  return planServices({ packages, changedPaths: plan.changes.map(({ path }) => path), nodeAbi });
}

/** Throws `entry-missing` for a path at and below which the snapshot holds nothing. */
export function refuseUnknownPaths(
  paths: readonly string[],
  { snapshot }: CatalogEntry,
  source: Pick<CodeSource, 'entries'> | undefined,
): void {
  const databases = [snapshot.brain, ...snapshot.databases].flatMap((part) => (part === null ? [] : [part.path]));
  const held = [...databases, ...(source?.entries.map(({ path }) => path) ?? [])];
  const unknown = paths.find((path) => !held.some((each) => isWanted(each, [path])));
  if (unknown === undefined) return;
  throw new AppError('entry-missing', `The snapshot ${snapshot.id} holds no ${unknown}.`, {
    hint: `See what it holds: "codex-backup files ${snapshot.id}".`,
  });
}

/** What is copied before services are rebuilt, if the file system shares no blocks. */
function measureClones(root: string, { steps }: ServicesPlan): number {
  const folders = new Set(
    steps.flatMap(({ folder }) => ['node_modules', 'dist'].map((name) => join(root, folder, name))),
  );
  return [...folders].reduce((sum, folder) => sum + measureTree(folder), 0);
}

function measureTree(folder: string): number {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, entry) => sum + (lstatSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}

/** The safety snapshot holds the Brain; unchanged code is shared with earlier ones. */
function measureSafety(context: EngineContext, brainBytes: number): number {
  const backups = context.backups();
  const place = existsSync(backups) ? backups : context.root();
  return statSync(place).dev === statSync(dirname(context.root())).dev ? brainBytes : 0;
}
