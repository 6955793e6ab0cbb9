import { formatNumber } from '../../shared/format.ts';
import type { CallPayload } from '../../shared/protocol/calls.ts';
import type { Settings } from '../../shared/settings.ts';

export type ChangeableSetting = CallPayload<'changeSetting'>['key'];

/** A setting that is a number, in its unit; its limits are told before the host is asked. */
export interface NumberField {
  readonly key: ChangeableSetting;
  readonly label: string;
  readonly hint?: string;
  readonly unit: 'bytes' | 'seconds' | 'minutes' | 'days';
  readonly least: number;
  readonly most?: number;
  readonly read: (settings: Settings) => number;
}

export const watchFields: readonly NumberField[] = [
  {
    key: 'watch.intervalSeconds',
    label: 'Look at the Brain every',
    hint: 'A look takes a few milliseconds and never keeps Codex waiting.',
    unit: 'seconds',
    least: 1,
    most: 3600,
    read: ({ watch }) => watch.intervalSeconds,
  },
  {
    key: 'watch.thresholdBytes',
    label: 'Growth that is worth a snapshot',
    unit: 'bytes',
    least: 1,
    read: ({ watch }) => watch.thresholdBytes,
  },
  {
    key: 'watch.changeMinutes',
    label: 'A smaller change is saved after',
    unit: 'minutes',
    least: 1,
    most: 1440,
    read: ({ watch }) => watch.changeMinutes,
  },
  {
    key: 'watch.minPauseSeconds',
    label: 'Least pause between two',
    unit: 'seconds',
    least: 0,
    most: 86_400,
    read: ({ watch }) => watch.minPauseSeconds,
  },
];

export const careFields: readonly NumberField[] = [
  {
    key: 'space.reserveBytes',
    label: 'Leave free on the disk',
    hint: 'Automatic snapshots stop before there is less. 0 checks nothing before writing.',
    unit: 'bytes',
    least: 0,
    read: ({ space }) => space.reserveBytes,
  },
  {
    key: 'verify.rereadDays',
    label: 'Read every source file again after',
    hint: 'In between, a file whose size and times are the same is taken as unchanged.',
    unit: 'days',
    least: 1,
    most: 365,
    read: ({ verify }) => verify.rereadDays,
  },
  {
    key: 'verify.everyDays',
    label: 'Verify a snapshot again after',
    hint: '0: never by itself.',
    unit: 'days',
    least: 0,
    most: 3650,
    read: ({ verify }) => verify.everyDays,
  },
  {
    key: 'drill.everyDays',
    label: 'Restore the newest on trial every',
    hint: '0: never by itself.',
    unit: 'days',
    least: 0,
    most: 3650,
    read: ({ drill }) => drill.everyDays,
  },
  {
    key: 'verify.copiesEveryDays',
    label: 'Read all of each copy back within',
    hint: 'A part each week. 0: never by itself.',
    unit: 'days',
    least: 0,
    most: 3650,
    read: ({ verify }) => verify.copiesEveryDays,
  },
  {
    key: 'drill.copiesEveryDays',
    label: 'Restore from each copy on trial every',
    hint: '0: never by itself.',
    unit: 'days',
    least: 0,
    most: 3650,
    read: ({ drill }) => drill.copiesEveryDays,
  },
  {
    key: 'capture.deadlineSeconds',
    label: 'Copying one database may take',
    unit: 'seconds',
    least: 1,
    read: ({ capture }) => capture.deadlineSeconds,
  },
  {
    key: 'capture.maxWalBytes',
    label: 'Meanwhile its WAL may grow by',
    unit: 'bytes',
    least: 1_000_000,
    read: ({ capture }) => capture.maxWalBytes,
  },
];

/** What is wrong with a number, or undefined. `bytes` says a size. */
export function checkNumber(
  { unit, least, most }: NumberField,
  value: number | undefined,
  bytes: (value: number) => string,
): string | undefined {
  const show = unit === 'bytes' ? bytes : formatNumber;
  if (value === undefined || !Number.isSafeInteger(value)) return unit === 'bytes' ? 'A number.' : 'A whole number.';
  if (most !== undefined && (value < least || value > most))
    return `From ${show(least)} to ${show(most)}${unit === 'bytes' ? '' : ` ${unit}`}.`;
  return value < least ? `At least ${show(least)}.` : undefined;
}
