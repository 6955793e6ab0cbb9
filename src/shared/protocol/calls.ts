import { type CopySnapshot, copySchedules } from '../copies.ts';
import type { Snapshot } from '../model.ts';
import { type RestoreRecord, restoreScopes } from '../restore-plan.ts';
import type { Activity, Alarm, DoctorReport, SearchResult } from '../results.ts';
import type { PrunePlan } from '../retention.ts';
import { z } from '../zod.ts';
import { type JobDetail, type JobState, jobRequest } from './jobs.ts';
import {
  copyName,
  entryPath,
  folderName,
  folderPath,
  limit,
  nothing,
  snapshotId,
  snapshotOrNow,
  ticket,
} from './payload-schemas.ts';
import type { PlanOffer } from './restore-views.ts';
import type { About, CoverageView, FirstRun, FolderList, SettingCheck, ShownSettings } from './set-up-views.ts';
import { changeableSettings } from './setting-keys.ts';
import type {
  DatabaseView,
  Download,
  FileDiff,
  FilePreview,
  FolderLevel,
  FoundFiles,
  MemoryRow,
  ShownDiff,
  ShownSnapshot,
} from './snapshot-views.ts';
import { type GrowthSeries, growthRanges, type PanelStatus, type SnapshotRow } from './status-views.ts';

/** A call: the schema of its payload, and the type of its answer, which exists for the compiler only. */
export interface CallDefinition<Payload extends z.ZodType, Answer> {
  readonly payload: Payload;
  readonly answer?: (answer: Answer) => void;
}

const answers =
  <Answer>() =>
  <Payload extends z.ZodType>(payload: Payload): CallDefinition<Payload, Answer> => ({ payload });

const oneSnapshot = z.strictObject({ id: snapshotId });
const oneEntry = z.strictObject({ id: snapshotId, path: entryPath });
const setting = z.enum(changeableSettings);
const settingText = z.string().max(20_000);
const many = z.number().int().min(1).max(1_000_000);

const restoreWish = z.strictObject({
  id: snapshotId,
  scope: z.enum(restoreScopes).optional(),
  paths: z.array(entryPath).max(1000).optional(),
  keepExtra: z.boolean().optional(),
  keepNewer: z.boolean().optional(),
  useServices: z.boolean().optional(),
});

const retentionRules = z.strictObject({
  keepLast: many.optional(),
  keepWithinDays: z.number().positive().max(36_500).optional(),
  keepHourly: many.optional(),
  keepDaily: many.optional(),
  keepWeekly: many.optional(),
  keepMonthly: many.optional(),
  keepYearly: many.optional(),
  maxBytes: z.number().int().min(1).optional(),
});

/** Every call that a window can make. */
export const calls = {
  about: answers<About>()(nothing),
  /** AppError `root-unset`, `root-missing` before the set-up is done: show `firstRun`. */
  status: answers<PanelStatus>()(nothing),

  /** Newest first, all of them. */
  snapshots: answers<readonly SnapshotRow[]>()(nothing),
  growth: answers<GrowthSeries>()(z.strictObject({ range: z.enum(growthRanges) })),
  activity: answers<readonly Activity[]>()(
    z.strictObject({ limit: limit(1000).optional(), before: z.number().int().min(0).optional() }),
  ),

  snapshot: answers<ShownSnapshot>()(oneSnapshot),
  /** One level of the files. */
  folder: answers<FolderLevel>()(
    z.strictObject({ id: snapshotId, path: folderPath, offset: z.number().int().min(0).optional() }),
  ),
  findFiles: answers<FoundFiles>()(
    z.strictObject({ id: snapshotId, query: z.string().max(200), limit: limit(1000).optional() }),
  ),
  preview: answers<FilePreview>()(oneEntry),
  fileDiff: answers<FileDiff>()(z.strictObject({ id: snapshotId, path: entryPath, to: snapshotOrNow })),
  download: answers<Download>()(oneEntry),
  databases: answers<readonly DatabaseView[]>()(oneSnapshot),
  /** Of one table, or of all that say when a row was made, mixed by that time. Newest first. */
  newestMemories: answers<readonly MemoryRow[]>()(
    z.strictObject({
      id: snapshotId,
      database: entryPath.optional(),
      table: z.string().min(1).max(500).optional(),
      limit: limit(200).optional(),
    }),
  ),
  search: answers<SearchResult>()(
    z.strictObject({ text: z.string().min(1).max(1000), id: snapshotId.optional(), limit: limit(500).optional() }),
  ),
  diff: answers<ShownDiff>()(z.strictObject({ from: snapshotId, to: snapshotOrNow })),

  pin: answers<Snapshot>()(z.strictObject({ id: snapshotId, pinned: z.boolean() })),
  note: answers<Snapshot>()(z.strictObject({ id: snapshotId, text: z.string().max(10_000) })),
  remove: answers<{ readonly id: string; readonly freedBytes: number }>()(oneSnapshot),
  showInFolder: answers<null>()(oneSnapshot),

  /** Long work: answers at once; `job` events tell the rest. */
  start: answers<JobState>()(z.strictObject({ job: jobRequest })),
  cancelJob: answers<JobState>()(z.strictObject({ id: ticket })),
  answerJob: answers<JobState>()(z.strictObject({ id: ticket, yes: z.boolean() })),
  job: answers<JobDetail>()(z.strictObject({ id: ticket })),

  planRestore: answers<PlanOffer>()(restoreWish),
  /** Of the latest restore without an id. */
  planUndo: answers<PlanOffer>()(z.strictObject({ restore: z.string().min(1).max(100).optional() })),
  restores: answers<readonly RestoreRecord[]>()(nothing),
  /** Deletes what a restore has kept, for good. */
  discardRestore: answers<RestoreRecord>()(z.strictObject({ restore: z.string().min(1).max(100) })),

  /** By the rules of the settings without any. */
  planPrune: answers<PrunePlan>()(z.strictObject({ rules: retentionRules.optional() })),
  acknowledge: answers<Alarm | null>()(nothing),

  settings: answers<ShownSettings>()(nothing),
  /** As it is typed; changes nothing. */
  checkSetting: answers<SettingCheck>()(z.strictObject({ key: setting, text: settingText })),
  /** From its text: JSON where it is JSON; null resets it. */
  changeSetting: answers<ShownSettings>()(z.strictObject({ key: setting, text: settingText.nullable() })),
  resetSettings: answers<{ readonly kept: string | null }>()(nothing),
  doctor: answers<DoctorReport>()(nothing),
  coverage: answers<CoverageView>()(nothing),
  /** Adds these to what snapshots cover: paths that `coverage` has named. */
  cover: answers<CoverageView>()(z.strictObject({ paths: z.array(entryPath).min(1).max(1000) })),
  /** Leaves these out of snapshots for good: they are not asked about again. */
  leaveOut: answers<CoverageView>()(z.strictObject({ paths: z.array(entryPath).min(1).max(1000) })),

  firstRun: answers<FirstRun>()(nothing),
  /** The person's home without a ticket. */
  folders: answers<FolderList>()(z.strictObject({ folder: ticket.optional() })),
  chooseRoot: answers<FirstRun>()(z.strictObject({ folder: ticket })),
  chooseBackups: answers<ShownSettings>()(z.strictObject({ folder: ticket, name: folderName.optional() })),

  /** Names a copy in the settings: in a folder (or a new one in it), or on a remote of the person's rclone. */
  addCopy: answers<ShownSettings>()(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('folder'), name: copyName, folder: ticket, newFolder: folderName.optional() }),
      z.strictObject({ kind: z.literal('rclone'), name: copyName, remote: z.string().min(2).max(1000) }),
    ]),
  ),
  changeCopySchedule: answers<ShownSettings>()(z.strictObject({ name: copyName, schedule: z.enum(copySchedules) })),
  /** What it holds, newest first: asks the remote, and may take a while. */
  copySnapshots: answers<readonly CopySnapshot[]>()(z.strictObject({ name: copyName })),
  /** Takes it out of the settings; what lies there stays. */
  forgetCopy: answers<ShownSettings>()(z.strictObject({ name: copyName })),

  /** For so many minutes, or until `resumeWatching`. */
  pauseWatching: answers<null>()(z.strictObject({ minutes: limit(1440).optional() })),
  resumeWatching: answers<null>()(nothing),
  /** The address of another window, good for a minute and one use. */
  openWindow: answers<{ readonly href: string }>()(nothing),
} as const;

export type CallName = keyof typeof calls;

/** What is sent. */
export type CallPayload<Name extends CallName> = z.input<(typeof calls)[Name]['payload']>;

/** What comes back. */
export type CallAnswer<Name extends CallName> =
  (typeof calls)[Name] extends CallDefinition<z.ZodType, infer Answer> ? Answer : never;
