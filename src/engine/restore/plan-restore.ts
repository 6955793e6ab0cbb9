import type { DatabasePart, Snapshot, Warning } from '../../shared/model.ts';
import type {
  CodePlan,
  FullPlan,
  PlannedCommand,
  PlannedStep,
  RestorePlan,
  RestoreScope,
} from '../../shared/restore-plan.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Untouchable } from './gather-code.ts';
import type { DatabaseFacts } from './gather-databases.ts';
import { planDatabase } from './plan-databases.ts';
import type { RestoreSource } from './restore-source.ts';
import { collectWarnings } from './restore-warnings.ts';
import type { ServicesPlan } from './services/plan-services.ts';

/** All that a plan is made of; gathered by `gather-restore.ts`. */
export interface RestoreFacts {
  readonly snapshot: Snapshot;
  readonly origin: RestoreSource['origin'];
  /** What was found out when the snapshot was opened. */
  readonly warnings: readonly Warning[];
  readonly nodeVersion: string;
  readonly root: string;
  readonly scope: RestoreScope;
  readonly paths: readonly string[];
  /** Rows that came since are added to what comes back, where that can be done. */
  readonly keepNewer: boolean;
  readonly code: CodePlan | null;
  /** Where the root is replaced whole. */
  readonly full?: FullPlan | undefined;
  readonly untouchable: readonly Untouchable[];
  readonly databases: readonly DatabaseFacts[];
  readonly services: ServicesPlan;
  readonly commands: Settings['restore'];
  /** False: nothing is stopped, built or started. */
  readonly useServices: boolean;
  /** Bytes of code that is unpacked, where it is more than what differs. */
  readonly stagedBytes?: number | undefined;
  /** Bytes of copies that are made before a service is rebuilt. */
  readonly cloneBytes: number;
  /** Bytes that the safety snapshot may take on the root's disk. */
  readonly safetyBytes: number;
  readonly freeBytes: number;
}

/** Decides everything that a restore will do. Pure: the same facts give the same plan. */
export function planRestore(facts: RestoreFacts): RestorePlan {
  const { snapshot, root, scope, paths, code, full, freeBytes } = facts;
  const databases = facts.databases.map((each) => planDatabase(each, facts.keepNewer));
  return {
    what: 'restore',
    source: snapshot.id,
    root,
    scope,
    paths,
    databases,
    code,
    ...(full === undefined ? {} : { full }),
    space: { neededBytes: neededBytes(facts), freeBytes },
    steps: full === undefined && isNothing(code, databases.length) ? [] : planSteps(facts),
    warnings: collectWarnings(facts),
  };
}

const isNothing = (code: CodePlan | null, databases: number): boolean =>
  databases === 0 && (code === null || code.moves.length === 0);

function neededBytes({ code, stagedBytes, databases, cloneBytes, safetyBytes }: RestoreFacts): number {
  const files = stagedBytes ?? code?.changes.reduce((sum, { bytesAfter }) => sum + bytesAfter, 0) ?? 0;
  const copies = databases.reduce((sum, { part }) => sum + part.bytes, 0);
  return files + copies + cloneBytes + safetyBytes;
}

function planSteps(facts: RestoreFacts): readonly PlannedStep[] {
  const { code, full, databases, services, commands, useServices } = facts;
  const what = [...(databases.length > 0 ? ['databases'] : []), ...(code === null ? [] : ['files'])].join(' and ');
  const rebuild = services.steps.flatMap(({ folder, install, build, isFreshInstall }): readonly PlannedCommand[] => [
    ...(install.length > 0 ? [{ command: commands.install, folder, reasons: install, isFresh: isFreshInstall }] : []),
    ...(build.length > 0 ? [{ command: commands.build, folder, reasons: build }] : []),
  ]);
  const step = (name: PlannedStep['step'], text: string, list: readonly PlannedCommand[] = []): PlannedStep => ({
    step: name,
    text,
    commands: list,
  });
  const inRoot = (command: readonly string[]): readonly PlannedCommand[] => [{ command, folder: '', reasons: [] }];
  return [
    step('preflight', 'check space, permissions, locks and commands'),
    step('stage', `unpack ${what} beside the Codex folder, and verify every byte`),
    useServices
      ? step('stop', 'stop Codex, and prove by its ports and open files that it stopped', inRoot(commands.stop))
      : step('stop', 'prove that no process has a database open'),
    step('safety', 'take a snapshot of everything as it is now'),
    step(
      'swap',
      full === undefined ? `move the ${what} of today aside, and those of the snapshot in` : describeSwap(full),
    ),
    ...(useServices && rebuild.length > 0 ? [step('rebuild', 'install and build services', rebuild)] : []),
    ...(useServices ? [step('start', 'start Codex, and wait until it is healthy', inRoot(commands.start))] : []),
  ];
}

function describeSwap({ oldRoot, backups, carried }: FullPlan): string {
  const copied = carried.length === 0 ? '' : ', copy over what no snapshot covers';
  const moved = backups === null ? '' : `, and move ${backups}/ over`;
  return `rename the Codex folder to ${oldRoot}, move the fresh one in${copied}${moved}`;
}

/** The databases of a snapshot that a restore of this scope brings back. */
export function chooseDatabases(
  { brain, databases }: Pick<Snapshot, 'brain' | 'databases'>,
  scope: RestoreScope,
): { readonly brain: DatabasePart | null; readonly others: readonly DatabasePart[] } {
  return {
    brain: scope === 'brain' || isWhole(scope) ? brain : null,
    others: scope === 'databases' || isWhole(scope) ? databases : [],
  };
}

/** Whether both code and databases come back. */
export const isWhole = (scope: RestoreScope): boolean => scope === 'all' || scope === 'full';
