import { formatCount, formatNumber } from '../../shared/format.ts';
import type { ShownPlan } from '../../shared/protocol/restore-views.ts';
import type { DatabasePlan, PlannedCommand, RestoreScope, TablePlan } from '../../shared/restore-plan.ts';
import { formatMoment } from '../format/time.ts';

export const scopeWords: Readonly<Record<RestoreScope, string>> = {
  all: 'Brain and code',
  brain: 'The Brain only',
  databases: 'Other databases only',
  code: 'The code only',
  full: 'Everything, in a fresh folder',
};

/** The memories that a plan takes out of a database. */
export interface LostMemories {
  readonly count: number;
  /** `14:02 to 14:31`; empty where the tables don't say. */
  readonly span: string;
  /** `187 events, 9 documents and 16 doc_chunks`. */
  readonly tables: string;
}

/** Rows made since, which would be set aside. `isKept`: those that are added to what comes back instead. */
export function countLost(databases: readonly DatabasePlan[], now: number, isKept = false): LostMemories {
  const tables = databases
    .flatMap((database) => database.tables)
    .filter((table) => (table.rowsLost ?? 0) > 0 && table.isKept === isKept);
  const times = (key: 'lostFrom' | 'lostTo') =>
    tables
      .map((table) => isoOf(table[key]))
      .filter((time) => time !== '')
      .sort();
  const from = times('lostFrom')[0];
  const to = times('lostTo').at(-1);
  return {
    count: tables.reduce((sum, { rowsLost }) => sum + (rowsLost ?? 0), 0),
    span: from === undefined || to === undefined ? '' : spanWords(from, to, now),
    tables: joinWords(tables.map(({ name, rowsLost }) => `${formatNumber(rowsLost ?? 0)} ${name}`)),
  };
}

/** `212 memories`. */
export function memoryCount(count: number): string {
  return count === 1 ? '1 memory' : `${formatNumber(count)} memories`;
}

/** `these 212 memories, 14:02 to 14:31`: which ones, in a heading. */
export function lostHeading({ count, span }: LostMemories): string {
  return span === '' ? memoryCount(count) : `${memoryCount(count)}, ${span},`;
}

/** Tables of which nobody can tell what was made since. */
export function unknownTables(databases: readonly DatabasePlan[]): readonly string[] {
  return databases
    .filter(({ change }) => change === 'replace')
    .flatMap(({ tables }) => tables.filter(isUnknown).map(({ name }) => name));
}

const isUnknown = ({ rowsLost, rowsNow, rowsThen }: TablePlan): boolean => rowsLost === null && rowsNow !== rowsThen;

/** Files that come, change and go: `31 files in 4 services go back`. */
export function filesHeading(plan: ShownPlan): string {
  const total = plan.code?.totals.changes ?? 0;
  if (total === 0) return 'No file has to change';
  const services = changedServices(plan).length;
  const where = services > 1 ? ` in ${formatNumber(services)} places` : '';
  return `${formatCount(total, 'file')}${where} would go back`;
}

/** Services of which a file comes, changes or goes. */
export function changedServices({ code }: ShownPlan) {
  return (code?.services ?? []).filter(({ added, changed, removed }) => added + changed + removed > 0);
}

/** The commands of a plan, one line for each folder. */
export interface Rebuild {
  readonly folder: string;
  readonly commands: readonly string[];
  readonly reasons: readonly string[];
}

export function rebuilds({ steps }: Pick<ShownPlan, 'steps'>): readonly Rebuild[] {
  const byFolder = new Map<string, PlannedCommand[]>();
  for (const command of steps.filter(({ step }) => step === 'rebuild').flatMap(({ commands }) => commands)) {
    byFolder.set(command.folder, [...(byFolder.get(command.folder) ?? []), command]);
  }
  return [...byFolder].map(([folder, commands]) => ({
    folder,
    commands: commands.map(({ command }) => command.join(' ')),
    reasons: [...new Set(commands.flatMap(({ reasons }) => reasons))],
  }));
}

/** What is left to decide on, for the sidebar: `212 memories, 31 files, 3 rebuilds`. */
export function planSummary(plan: ShownPlan, now: number): string {
  if (plan.steps.length === 0) return 'Nothing to do';
  const memories = countLost(plan.databases, now).count;
  const files = plan.code?.totals.changes ?? 0;
  const built = rebuilds(plan).length;
  const words = [
    memories > 0 ? memoryCount(memories) : '',
    files > 0 ? formatCount(files, 'file') : '',
    built > 0 ? formatCount(built, 'rebuild') : '',
  ].filter((word) => word !== '');
  return words.length === 0 ? 'Nothing is set aside' : words.join(', ');
}

/** Why a plan can't be carried out as it stands; undefined where it can. */
export function spaceProblem({ space }: ShownPlan, bytes: (count: number) => string): string | undefined {
  if (space.neededBytes <= space.freeBytes) return undefined;
  return `Too little space: ${bytes(space.freeBytes)} free, ${bytes(space.neededBytes)} needed`;
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function spanWords(from: string, to: string, now: number): string {
  const [first, last] = [formatMoment(from, now), formatMoment(to, now)];
  return first === last ? first : `${first} to ${last}`;
}

/** Codex writes `2025-11-20 14:02:07` in UTC, other tables ISO or milliseconds; what is none of these is no time. */
function isoOf(text: string | null): string {
  if (text === null) return '';
  const number = /^\d{10,13}$/.test(text) ? Number(text) * (text.length > 11 ? 1 : 1000) : undefined;
  const isUtc = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text);
  const time = new Date(number ?? (isUtc ? `${text.replace(' ', 'T')}Z` : text));
  return Number.isNaN(time.getTime()) ? '' : time.toISOString();
}
