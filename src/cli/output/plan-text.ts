import { escapeControl, formatBytes, formatCount, formatNumber } from '../../shared/format.ts';
import type {
  CodePlan,
  DatabasePlan,
  FullPlan,
  PlannedStep,
  RestorePlan,
  TablePlan,
} from '../../shared/restore-plan.ts';
import { formatSections, formatSome, type Section } from './sections.ts';
import type { TextStyle } from './text-style.ts';

const longestList = 30;

/** A plan, as it is shown before anything happens: what changes, what would be lost, and each step with its commands. */
export function formatPlan(plan: RestorePlan, style: TextStyle): string {
  const verb = plan.what === 'undo' ? 'Undo' : 'Restore';
  const heading = `${verb} ${escapeControl(plan.source)} in ${escapeControl(plan.root)}`;
  if (plan.steps.length === 0) return `${heading}\n\nEverything is as it was then; there is nothing to do.`;
  const { neededBytes, freeBytes } = plan.space;
  const sections: Section[] = [
    ...plan.databases.map(databaseSection),
    ...(plan.code === null ? [] : codeSections(plan.code)),
    ...(plan.full === undefined ? [] : [fullSection(plan.full)]),
    { title: 'Steps', lines: plan.steps.flatMap((step, index) => stepLines(step, index + 1)) },
    { title: 'Space', lines: [`${formatBytes(neededBytes)} needed, ${formatBytes(freeBytes)} free`] },
    { title: 'Warnings', lines: plan.warnings.map(({ message }) => style.warning(escapeControl(message))) },
  ];
  return `${heading}\n\n${formatSections(sections, style)}`;
}

function fullSection({ oldRoot, backups, carried }: FullPlan): Section {
  return {
    title: `The whole folder; the one of today is kept as ${escapeControl(oldRoot)}`,
    lines: [
      ...formatSome(
        carried.map((path) => `copied over: ${escapeControl(path)}`),
        longestList,
      ),
      ...(backups === null ? [] : [`moved over: ${escapeControl(backups)}/`]),
    ],
  };
}

function databaseSection({ path, change, bytesNow, bytesThen, tables }: DatabasePlan): Section {
  const told = tables.filter(({ rowsNow, rowsThen, rowsLost }) => rowsNow !== rowsThen || (rowsLost ?? 0) > 0);
  const lines = told.length === 0 ? ['no rows come or go'] : told.map(tableLine);
  return { title: `${escapeControl(path)}: ${change}, ${formatBytes(bytesNow)} → ${formatBytes(bytesThen)}`, lines };
}

function tableLine({ name, rowsNow, rowsThen, rowsLost, lostFrom, lostTo, isKept }: TablePlan): string {
  const count = (rows: number | null): string => (rows === null ? 'not known' : formatNumber(rows));
  const span =
    lostFrom === null || lostTo === null ? '' : `, from ${escapeControl(lostFrom)} to ${escapeControl(lostTo)}`;
  const lost =
    rowsLost === null || rowsLost === 0
      ? ''
      : `; ${formatCount(rowsLost, 'newer row')} ${isKept ? 'kept' : 'set aside'}${span}`;
  return `${escapeControl(name)}: ${count(rowsNow)} → ${count(rowsThen)} rows${lost}`;
}

const signs = { added: '+', changed: '~', removed: '-' } as const;

function codeSections({ services, changes, kept, asideWithUncovered }: CodePlan): readonly Section[] {
  const counts = services
    .filter(({ added, changed, removed }) => added + changed + removed > 0)
    .map(({ folder, added, changed, removed, unchanged }) => {
      const name = folder === '' ? 'files in the root' : escapeControl(folder);
      return `${name}: ${added} added, ${changed} changed, ${removed} removed, ${unchanged} unchanged`;
    });
  const files = changes.map(({ path, change }) => `${signs[change]} ${escapeControl(path)}`);
  return [
    { title: 'Code', lines: counts },
    { title: 'Files', lines: formatSome(files, longestList) },
    { title: 'Moved aside whole', lines: formatSome(asideWithUncovered.map(escapeControl), longestList) },
    { title: 'Kept though not in the snapshot', lines: formatSome(kept.map(escapeControl), longestList) },
  ];
}

function stepLines({ text, commands }: PlannedStep, number: number): readonly string[] {
  const lines = commands.map(({ command, folder, reasons }) => {
    const place = folder === '' ? '' : ` in ${escapeControl(folder)}`;
    const why = reasons.length === 0 ? '' : ` (${reasons.map(escapeControl).join('; ')})`;
    return `     ${escapeControl(command.join(' '))}${place}${why}`;
  });
  return [`${number}. ${text}`, ...lines];
}
