import { copySchedules } from './copies.ts';
import { z } from './zod.ts';

const atLeastOne = z.number().int().min(1);
const seconds = atLeastOne;
/** A program and its arguments; no shell reads them. */
const command = z.array(z.string().min(1)).min(1);
/** A file or folder in the root; `.` is all of it. */
const pathInRoot = z
  .string()
  .min(1)
  .refine(
    (path) => !/^\/|\0|(^|\/)\.\.(\/|$)/.test(path),
    'it must be relative to the Codex folder and lead nowhere else',
  );
const webAddress = z.string().regex(/^https?:\/\/[^\s/?#]+([/?#]\S*)?$/, 'it must begin with http:// or https://');

/** Retention of a copy: the same rules as for the backups, on their own. */
const copyRetention = z
  .strictObject({
    keepLast: atLeastOne.optional(),
    keepWithinDays: z.number().positive().max(36_500).optional(),
    keepHourly: atLeastOne.optional(),
    keepDaily: atLeastOne.optional(),
    keepWeekly: atLeastOne.optional(),
    keepMonthly: atLeastOne.optional(),
    keepYearly: atLeastOne.optional(),
    maxBytes: atLeastOne.optional(),
  })
  .prefault({});

const anyCopy = {
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/, 'the name of a copy is letters, digits and hyphens'),
  schedule: z.enum(copySchedules).default('afterEach'),
  retention: copyRetention,
};
const absolutePath = z.string().regex(/^\//, 'the path of a copy is absolute');

const copy = z.discriminatedUnion('kind', [
  z.strictObject({ ...anyCopy, kind: z.literal('folder'), path: absolutePath }),
  z.strictObject({
    ...anyCopy,
    kind: z.literal('rclone'),
    /** A remote of rclone's own configuration and a folder on it. One that is described in the text may hold a password. */
    remote: z
      .string()
      .regex(
        /^[A-Za-z0-9_.+@-][\w.+@ -]*:[^\0]*$/,
        'the remote is NAME:FOLDER, with a NAME that "rclone config" knows',
      ),
    /** Else rclone's usual configuration file. */
    config: absolutePath.optional(),
  }),
]);
/** A second home of the snapshots. */
export type CopySettings = z.infer<typeof copy>;

/** `settings.json`, version 1: every key with its default. Units are in the names. See docs/cli.md, "Settings". */
export const settingsSchema = z.strictObject({
  version: z.literal(1).default(1),
  root: z.string().min(1).optional(),
  backups: z.string().min(1).optional(),
  brain: pathInRoot.default('codex-brain/codex-brain-data/codex-brain.db'),
  include: z
    .array(pathInRoot)
    .min(1)
    .default([
      'codex-brain',
      'codex-bridge',
      'codex-orchestrator',
      'codex-hands',
      'codex-voice',
      'codex-desktop',
      'codex-boot-manager',
      'packages',
      'package.json',
    ]),
  /** Patterns as in a .gitignore at the root. */
  exclude: z.array(z.string().min(1)).default([]),
  /** What the user has said that no snapshot needs to hold: paths relative to the root. */
  leftOut: z.array(pathInRoot).default([]),
  watch: z
    .strictObject({
      intervalSeconds: seconds.max(3600).default(60),
      /** Growth of the Brain that is worth a snapshot. */
      thresholdBytes: z.number().int().min(1).default(51_200),
      /** After how long a change that is no growth is saved. */
      changeMinutes: z.number().int().min(1).max(1440).default(15),
      /** Smallest pause between two automatic snapshots. */
      minPauseSeconds: z.number().int().min(0).max(86_400).default(60),
      /** `off`, every so many hours (`6h`), or times of the day (`["03:00"]`), in local time. */
      schedule: z
        .union([
          z.string().regex(/^(off|[1-9]\d{0,2}h)$/),
          z.array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)).min(1),
        ])
        .default('off'),
    })
    .prefault({}),
  verify: z
    .strictObject({
      /** After how many days a snapshot rereads every source file. */
      rereadDays: z.number().int().min(1).max(365).default(7),
      /** After how many days the watcher reads a snapshot back again; 0: never. */
      everyDays: z.number().int().min(0).max(3650).default(30),
      /** Within how many days the watcher reads every byte of each copy back, a part each week; 0: never. */
      copiesEveryDays: z.number().int().min(0).max(3650).default(30),
    })
    .prefault({}),
  drill: z
    .strictObject({
      /** After how many days the watcher restores the latest snapshot on trial again; 0: never. */
      everyDays: z.number().int().min(0).max(3650).default(7),
      /** The same from each copy. */
      copiesEveryDays: z.number().int().min(0).max(3650).default(30),
    })
    .prefault({}),
  space: z
    .strictObject({
      /** What an automatic snapshot leaves free; 0 checks nothing before writing. */
      reserveBytes: z.number().int().min(0).default(1_000_000_000),
    })
    .prefault({}),
  retention: z
    .strictObject({
      keepLast: atLeastOne.optional(),
      keepWithinDays: z.number().positive().max(36_500).optional(),
      keepHourly: atLeastOne.optional(),
      keepDaily: atLeastOne.optional(),
      keepWeekly: atLeastOne.optional(),
      keepMonthly: atLeastOne.optional(),
      keepYearly: atLeastOne.optional(),
      maxBytes: atLeastOne.optional(),
      /** Prune after each snapshot, without asking. */
      afterEachSnapshot: z.boolean().default(false),
    })
    .prefault({}),
  capture: z
    .strictObject({
      /** Longest time that copying one database may take. */
      deadlineSeconds: seconds.default(600),
      /** Largest growth of a WAL that a copy may cause. */
      maxWalBytes: z.number().int().min(1_000_000).default(1_000_000_000),
    })
    .prefault({}),
  /** What the menubar app tells by a notification; its icon and its panel show it anyway. */
  notify: z
    .strictObject({
      /** A snapshot was taken by itself. */
      snapshots: z.boolean().default(true),
      /** A snapshot could not be taken. */
      failed: z.boolean().default(true),
      /** What is not in a snapshot has grown old, or there is no good one. */
      unprotected: z.boolean().default(true),
      /** Memories are missing that an earlier snapshot has. */
      memoryLost: z.boolean().default(true),
      lowSpace: z.boolean().default(true),
      /** A restore is done, or was rolled back. */
      restores: z.boolean().default(true),
    })
    .prefault({}),
  restore: z
    .strictObject({
      stop: command.default(['npm', 'run', 'codex:stop']),
      /** Installs one service, in its folder; then builds it. */
      install: command.default(['npm', 'install']),
      build: command.default(['npm', 'run', 'build']),
      start: command.default(['npm', 'run', 'codex:start']),
      /** Addresses that must answer when Codex has started; without any, its start command is watched. */
      healthUrls: z.array(webAddress).default([]),
      /** Ports on which nobody may listen when Codex is stopped. */
      ports: z.array(z.number().int().min(1).max(65_535)).default([4000, 4100, 4200, 4300, 5173, 9001]),
      /** What a full restore copies over though no snapshot covers it; patterns as in a .gitignore at the root. */
      carryOver: z.array(z.string().min(1)).default(['.env*']),
      /** Longest time that one command of a restore may take. */
      stepSeconds: seconds.default(600),
    })
    .prefault({}),
  copies: z
    .array(copy)
    .max(20)
    .refine((copies) => new Set(copies.map(({ name }) => name)).size === copies.length, 'two copies have one name')
    .default([]),
});

export type Settings = z.infer<typeof settingsSchema>;
