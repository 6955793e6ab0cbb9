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
    label: 'Take a snapshot when the Brain has grown by',
    unit: 'bytes',
    least: 1,
    read: ({ watch }) => watch.thresholdBytes,
  },
  {
    key: 'watch.changeMinutes',
    label: 'Save a smaller change after',
    unit: 'minutes',
    least: 1,
    most: 1440,
    read: ({ watch }) => watch.changeMinutes,
  },
  {
    key: 'watch.minPauseSeconds',
    label: 'Pause between two of them at least',
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

/** What is wrong with a number, or undefined. `show` says a value in its unit. */
export function checkNumber(
  { unit, least, most }: NumberField,
  value: number | undefined,
  show: (value: number) => string = formatNumber,
): string | undefined {
  if (value === undefined || !Number.isSafeInteger(value)) return unit === 'bytes' ? 'A number.' : 'A whole number.';
  if (most !== undefined && (value < least || value > most)) return `From ${show(least)} to ${show(most)}.`;
  return value < least ? `At least ${show(least)}.` : undefined;
}
