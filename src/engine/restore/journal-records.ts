import { z } from '../../shared/zod.ts';

/** Paths are relative to the parent folder of the root, with `/`: both the root and the restores folder lie in it. */
const path = z
  .string()
  .min(1)
  .refine((text) => !text.startsWith('/') && !text.split('/').includes('..'), 'must stay beside the root');

const command = z.array(z.string()).min(1);

/** One change of the tree, with what undoing it needs. */
const change = z.discriminatedUnion('kind', [
  /** A rename. `ino` is the inode of what moves, so that it is known wherever it is found. */
  z.strictObject({ kind: z.literal('move'), from: path, to: path, ino: z.string() }),
  /** A place that was empty and may be filled from now on; undoing moves what is there to `aside`. */
  z.strictObject({ kind: z.literal('make'), path, aside: path }),
  z.strictObject({ kind: z.literal('mode'), path, before: z.number().int(), after: z.number().int() }),
]);

const processGroup = z.strictObject({ group: z.number().int(), startedAt: z.string(), mark: z.string() });

/** All that finishing or rolling back needs, so that any shell can do it, whatever its settings. */
const services = z.strictObject({
  stop: command,
  start: command,
  ports: z.array(z.number().int()),
  healthUrls: z.array(z.string()),
  stepSeconds: z.number(),
  /** Databases that nobody may have open, relative to the root. */
  databases: z.array(z.string()),
});

export const restoreSteps = ['preflight', 'stage', 'stop', 'safety', 'swap', 'rebuild', 'start'] as const;
export type RestoreStep = (typeof restoreSteps)[number];

const begin = z.strictObject({
  kind: z.literal('begin'),
  format: z.literal(1),
  what: z.enum(['restore', 'undo']),
  /** Id of the snapshot that is restored, or of the restore that is undone. */
  source: z.string(),
  /** Name of the root in its parent folder. */
  root: z.string().min(1),
  /** In words: `the Brain`, `code`, … */
  scope: z.string(),
  /** Databases that are replaced, relative to the root. */
  replaces: z.array(z.string()),
  services: services.nullable(),
});

/** `journal.jsonl`, format 1. Documented in docs/restore.md. */
export const journalRecord = z.discriminatedUnion('kind', [
  begin,
  z.strictObject({ kind: z.literal('step'), step: z.enum(restoreSteps), state: z.enum(['begun', 'done']) }),
  /** Whether anything of Codex ran before it was stopped. */
  z.strictObject({ kind: z.literal('running'), running: z.boolean() }),
  z.strictObject({ kind: z.literal('child'), group: processGroup }),
  z.strictObject({ kind: z.literal('safety'), snapshot: z.string().nullable(), reason: z.string() }),
  /** What is about to be changed, in order. */
  z.strictObject({ kind: z.literal('changes'), changes: z.array(change) }),
  /** The changes announced last are done, and flushed. */
  z.strictObject({ kind: z.literal('changed') }),
  /** From here on an interrupted restore is finished, not rolled back. */
  z.strictObject({ kind: z.literal('commit') }),
  z.strictObject({ kind: z.literal('rollback'), reason: z.string() }),
  /** The changes of the `changes` record with that number, from 1, are taken back: they are not looked at again. */
  z.strictObject({ kind: z.literal('undone'), changes: z.number().int() }),
  z.strictObject({ kind: z.literal('end'), outcome: z.enum(['restored', 'rolled-back']) }),
]);

export type Change = z.infer<typeof change>;
export type Move = Extract<Change, { kind: 'move' }>;
export type JournalRecord = z.infer<typeof journalRecord>;
export type BeginRecord = z.infer<typeof begin>;
export type JournaledServices = z.infer<typeof services>;

/** Paths of the databases that a restore brings, as its changes name them: from the folder that holds the root. */
export function replacedDatabases(records: readonly JournalRecord[]): ReadonlySet<string> {
  const found = records.find((record) => record.kind === 'begin');
  return new Set(found?.replaces.map((path) => `${found.root}/${path}`));
}
