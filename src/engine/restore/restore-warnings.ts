import type { Snapshot, Warning } from '../../shared/model.ts';
import type { DatabaseFacts } from './gather-databases.ts';
import { warnOfDatabase } from './plan-databases.ts';
import type { RestoreFacts } from './plan-restore.ts';

/** What the user should know before a restore. Pure, as the plan is. */
export function collectWarnings(facts: RestoreFacts): readonly Warning[] {
  const { snapshot, origin, root, code, databases, services, untouchable } = facts;
  const warnings = [...facts.warnings, ...databases.flatMap((each) => warnOfDatabase(each, code !== null))];
  const warn = (isDue: boolean, warningCode: string, message: string): void => {
    if (isDue) warnings.push({ code: warningCode, message });
  };
  warn(
    snapshot.status !== 'verified',
    'snapshot-not-verified',
    `The snapshot is ${snapshot.status}: ${describeStatus(snapshot)}.`,
  );
  if (origin !== null) {
    warn(origin.root !== root, 'other-root', `The snapshot was taken of another folder: ${origin.root}.`);
    warn(
      majorOf(origin.nodeVersion) !== majorOf(facts.nodeVersion),
      'node-differs',
      `The snapshot was taken with Node ${origin.nodeVersion}, and this is Node ${facts.nodeVersion}: native modules may have to be installed again.`,
    );
  }
  for (const path of code?.asideWithUncovered ?? []) {
    warn(true, 'uncovered-aside', `${path} makes room, and is moved aside with files in it that no snapshot covers.`);
  }
  const left = facts.full?.left ?? [];
  warn(
    left.length > 0,
    'left-behind',
    `The fresh folder will lack what the snapshot does not hold: ${left.join(', ')}. What Codex needs to run must be in it: "codex-backup doctor --add-all", then take a new snapshot. Or name in the setting "restore.carryOver" what is to be copied over.`,
  );
  warn(
    facts.full !== undefined && snapshot.brain === null,
    'no-brain',
    'The snapshot holds no Brain: there will be none.',
  );
  const [databasesNow, uncovered] = (['database', 'uncovered'] as const).map((reason) =>
    untouchable.flatMap((each) => (each.reason === reason ? [each.path] : [])),
  );
  for (const path of databasesNow ?? []) warn(true, 'untouchable', `${path} is a database now, and is left as it is.`);
  warn(
    (uncovered ?? []).length > 0,
    'untouchable',
    `${listSome(uncovered ?? [])}: left as it is now, because today's rules do not cover it.`,
  );
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

function describeStatus({ status, skipped }: Snapshot): string {
  if (status === 'legacy') return 'v1.5 made it, and nothing tells whether its files are what they were';
  if (skipped.length === 0) return 'a database was corrupt at its source';
  return `it lacks ${listSome(skipped.map(({ path }) => path))}`;
}

function listSome(paths: readonly string[]): string {
  const more = paths.length > 3 ? `, and ${paths.length - 3} more` : '';
  return `${paths.slice(0, 3).join(', ')}${more}`;
}

const majorOf = (version: string): string => version.replace(/^v/, '').split('.')[0] ?? '';
