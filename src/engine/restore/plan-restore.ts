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
import type { DatabaseFacts } from './gather-databases.ts';
import { planDatabase, warnOfDatabase } from './plan-databases.ts';
import type { ServicesPlan } from './services/plan-services.ts';

/** All that a plan is made of; gathered by `gather-restore.ts`. */
export interface RestoreFacts {
  readonly snapshot: Snapshot;
  /** Of the machine and folder that the snapshot was taken on. */
  readonly origin: { readonly root: string; readonly nodeVersion: string };
  readonly nodeVersion: string;
  readonly root: string;
  readonly scope: RestoreScope;
  readonly paths: readonly string[];
  /** Rows that came since are added to what comes back, where that can be done. */
  readonly keepNewer: boolean;
  readonly code: CodePlan | null;
  /** Where the root is replaced whole. */
  readonly full?: FullPlan | undefined;
  readonly untouchable: readonly string[];
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
  const rebuild = services.steps.flatMap(({ folder, install, build }): readonly PlannedCommand[] => [
    ...(install.length > 0 ? [{ command: commands.install, folder, reasons: install }] : []),
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

function collectWarnings(facts: RestoreFacts): readonly Warning[] {
  const { snapshot, origin, root, code, databases, services, untouchable } = facts;
  const warnings: Warning[] = databases.flatMap((each) => warnOfDatabase(each, code !== null));
  const warn = (isDue: boolean, warningCode: string, message: string): void => {
    if (isDue) warnings.push({ code: warningCode, message });
  };
  warn(
    snapshot.status !== 'verified',
    'snapshot-not-verified',
    `The snapshot is ${snapshot.status}: ${describeSkipped(snapshot)}.`,
  );
  warn(origin.root !== root, 'other-root', `The snapshot was taken of another folder: ${origin.root}.`);
  warn(
    majorOf(origin.nodeVersion) !== majorOf(facts.nodeVersion),
    'node-differs',
    `The snapshot was taken with Node ${origin.nodeVersion}, and this is Node ${facts.nodeVersion}: native modules may have to be installed again.`,
  );
  for (const path of code?.asideWithUncovered ?? []) {
    warn(true, 'uncovered-aside', `${path} makes room, and is moved aside with files in it that no snapshot covers.`);
  }
  const left = facts.full?.left ?? [];
  warn(
    left.length > 0,
    'left-behind',
    `The fresh folder will lack what no snapshot covers: ${left.join(', ')}. The setting "restore.carryOver" names what is copied over.`,
  );
  warn(
    facts.full !== undefined && snapshot.brain === null,
    'no-brain',
    'The snapshot holds no Brain: there will be none.',
  );
  for (const path of untouchable) warn(true, 'untouchable', `${path} is a database now, and is left as it is.`);
  for (const message of services.warnings) warn(true, 'services', message);
  for (const message of facts.keepNewer ? databases.flatMap(describeNotKept) : []) warn(true, 'not-kept', message);
  return warnings;
}

function describeNotKept({ part, now }: DatabaseFacts): readonly string[] {
  return (now?.tables ?? [])
    .filter(({ rowsSince, isKeepable }) => (rowsSince ?? 0) > 0 && !isKeepable)
    .map(
      ({ name, rowsSince }) =>
        `${rowsSince} newer rows of ${name} in ${part.path} can not be kept: it has unique keys or triggers, or is not in the snapshot.`,
    );
}

function describeSkipped({ skipped }: Snapshot): string {
  if (skipped.length === 0) return 'a database was corrupt at its source';
  const names = skipped.slice(0, 3).map(({ path }) => path);
  return `it lacks ${names.join(', ')}${skipped.length > 3 ? `, and ${skipped.length - 3} more` : ''}`;
}

const majorOf = (version: string): string => version.replace(/^v/, '').split('.')[0] ?? '';

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
