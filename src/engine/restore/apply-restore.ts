import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OnProgress } from '../../shared/progress.ts';
import type { CodePlan, FullPlan, RestorePlan } from '../../shared/restore-plan.ts';
import type { EngineContext } from '../context.ts';
import type { OnOutput } from '../engine.ts';
import { buildTree } from './build-tree.ts';
import { carryOut, type RestoreWork } from './carry-out.ts';
import type { CodeSource } from './code-source.ts';
import { type PreparedRestore, planCodeNow } from './gather-restore.ts';
import { createJournal } from './journal.ts';
import type { BeginRecord, JournaledServices } from './journal-records.ts';
import { keepNewerRows } from './keep-newer.ts';
import { liesBelow } from './path-tree.ts';
import { createRestoreFolder, journalFile, type RestoreFolder } from './restore-folder.ts';
import { createSession, type Session } from './session.ts';
import { stageDatabases } from './stage-databases.ts';
import { swapCode, swapDatabase } from './swap.ts';
import { swapFull } from './swap-full.ts';

export interface ApplyOptions {
  readonly takeSafetySnapshot: RestoreWork['takeSafetySnapshot'];
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress | undefined;
  readonly onOutput?: OnOutput | undefined;
}

/** Carries out a plan. The caller holds the root exclusively. Answers the restore's folder and the safety snapshot. */
export async function applyRestore(context: EngineContext, prepared: PreparedRestore, options: ApplyOptions) {
  const { plan, entry, source } = prepared;
  const { signal, onProgress } = options;
  if (plan.full !== undefined) return applyFull(context, prepared, plan.full, options);
  const session = beginSession(context, plan, prepared.request.useServices, options);
  const staged = stagingPaths(session.folder);
  const brought = bringsOf(plan.code);
  const parts = [entry.snapshot.brain, ...entry.snapshot.databases]
    .filter((part) => part !== null)
    .filter(({ path }) => plan.databases.some((each) => each.path === path));
  const work: RestoreWork = {
    plan,
    stage: async () => {
      if (source !== undefined) await extractBelow(source, brought, staged('code'), options);
      const target = staged('databases');
      await stageDatabases({ snapshot: entry.snapshot.path, parts, target, signal, onProgress });
    },
    takeSafetySnapshot: options.takeSafetySnapshot,
    swap: async () => {
      if (source !== undefined) await swapCurrentCode(session, prepared, source, { brought, staged, options });
      if (prepared.request.keepNewer) keepNewerRows(session, parts, staged('databases'));
      for (const database of plan.databases) await swapDatabase(session, database);
    },
    mustStart: true,
  };
  return finish(session, work, signal);
}

/** As `applyRestore`, with a fresh root in the place of the old one. */
async function applyFull(context: EngineContext, prepared: PreparedRestore, full: FullPlan, options: ApplyOptions) {
  const { plan, entry } = prepared;
  const { signal, onProgress, takeSafetySnapshot } = options;
  const session = beginSession(context, plan, prepared.request.useServices, options);
  const target = stagingPaths(session.folder)('root');
  const brainPath = context.brainPath();
  const stage = async () =>
    void (await buildTree(entry, { scope: 'full', paths: [], target, brainPath, signal, onProgress }));
  const swap = () => swapFull(session, plan, full, target);
  return finish(session, { plan, stage, takeSafetySnapshot, swap, mustStart: true }, signal);
}

/** Carries out the work, and answers what became of it. */
export async function finish(session: Session, work: RestoreWork, signal: AbortSignal) {
  try {
    const started = await carryOut(session, work, signal);
    const safety = session.journal.records().find((record) => record.kind === 'safety');
    return { folder: session.folder, safety: safety?.kind === 'safety' ? safety.snapshot : null, ...started };
  } finally {
    session.journal.close();
  }
}

/** Makes the restore's folder, and its journal with all that any shell needs to roll it back. */
export function beginSession(
  context: EngineContext,
  plan: RestorePlan,
  useServices: boolean,
  { onProgress, onOutput }: Pick<ApplyOptions, 'onProgress' | 'onOutput'>,
): Session {
  const services = useServices ? journaledServices(context, plan) : null;
  const { what, source, scope } = plan;
  const replaces = plan.databases.map(({ path }) => path);
  const folder = createRestoreFolder(context.root(), context.clock.now());
  try {
    const journal = createJournal(journalFile(folder));
    const begin: BeginRecord = { kind: 'begin', format: 1, what, source, root: folder.root, scope, replaces, services };
    journal.append(begin);
    return createSession(context, { folder, journal, services, onProgress, onOutput });
  } catch (error) {
    rmSync(folder.path, { recursive: true, force: true });
    throw error;
  }
}

function journaledServices(context: EngineContext, plan: RestorePlan): JournaledServices {
  const { stop, start, ports, healthUrls, stepSeconds } = context.settings().restore;
  const databases = [...new Set([context.brainPath(), ...plan.databases.map(({ path }) => path)])];
  return { stop, start, ports, healthUrls, stepSeconds, databases };
}

type StagingPaths = (name: 'code' | 'late' | 'databases' | 'root') => string;

function stagingPaths({ path }: RestoreFolder): StagingPaths {
  return (name) => {
    const folder = join(path, 'staged', name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  };
}

const bringsOf = (code: CodePlan | null): ReadonlySet<string> =>
  new Set(code?.moves.flatMap(({ kind, path }) => (kind === 'bring' ? [path] : [])));

async function extractBelow(
  source: CodeSource,
  brought: ReadonlySet<string>,
  target: string,
  options: ApplyOptions,
): Promise<void> {
  if (brought.size === 0) return;
  await source.extract(target, ({ path }) => brought.has(path) || liesBelow(path, brought), options);
}

/** Looks at the root again, now that nobody writes there, and moves what differs; what is missing is unpacked first. */
async function swapCurrentCode(
  session: Session,
  { entry, request }: PreparedRestore,
  source: CodeSource,
  given: { readonly brought: ReadonlySet<string>; readonly staged: StagingPaths; readonly options: ApplyOptions },
): Promise<void> {
  const { code } = await planCodeNow(session.context, entry, source, request);
  const isStaged = (path: string): boolean => given.brought.has(path) || liesBelow(path, given.brought);
  const late = new Set([...bringsOf(code)].filter((path) => !isStaged(path)));
  await extractBelow(source, late, given.staged('late'), given.options);
  swapCode(session, code, (path) => (isStaged(path) ? 'code' : 'late'));
}
