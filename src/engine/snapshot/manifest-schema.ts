import { skipReasons, triggers } from '../../shared/model.ts';
import { z } from '../../shared/zod.ts';

const count = z.number().int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.iso.datetime();

/** A path that stays inside the folder that it is relative to. */
const innerPath = z
  .string()
  .min(1)
  .max(8192)
  .refine(
    (path) => !path.includes('\0') && path.split('/').every((name) => name !== '' && name !== '.' && name !== '..'),
    'must be a path inside the folder',
  );

const table = z.strictObject({ name: z.string(), rows: count, maxRowid: z.number().nullable() });

const databasePart = z.strictObject({
  file: innerPath,
  path: innerPath,
  bytes: count,
  sha256,
  pageSize: count,
  pageCount: count,
  journalMode: z.string(),
  mode: count,
  uid: count,
  gid: count,
  tables: z.array(table),
  userVersion: z.number().int(),
  /** Empty where the schema is damaged. */
  schemaHash: z.union([sha256, z.literal('')]),
  integrity: z.string(),
  foreignKeyViolations: count,
  lockHeldMs: z.number().min(0),
});

const codePart = z.strictObject({
  file: innerPath,
  bytes: count,
  sha256,
  files: count,
  rawBytes: count,
  packs: z.strictObject({ total: count, reused: count }),
  linked: z.boolean(),
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  gitCommit: z.string().nullable(),
  /** When every source file was last read, and not believed unchanged by its stat. */
  fullReadAt: time,
  /** Over what lstat said of every source; there only if that proves each content. See `digestSources`. */
  sourcesSha256: sha256.exactOptional(),
});

/** `manifest.json`, format 2. Documented in docs/snapshot-format.md; its last member, `manifestSha256`, is not in here. */
export const manifestSchema = z.strictObject({
  format: z.literal(2),
  id: z.string().max(64),
  createdAt: time,
  sequence: count,
  trigger: z.enum(triggers),
  status: z.enum(['verified', 'incomplete']),
  host: z.string(),
  appVersion: z.string(),
  nodeVersion: z.string(),
  root: z.string(),
  durationMs: z.number().min(0),
  parent: z.string().nullable(),
  brain: databasePart.nullable(),
  databases: z.array(databasePart),
  code: codePart.nullable(),
  skipped: z.array(
    z.strictObject({ path: z.string(), reason: z.enum(skipReasons), detail: z.string().exactOptional() }),
  ),
  envFiles: z.array(z.strictObject({ path: z.string(), keys: z.array(z.string()) })),
  warnings: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  files: z.array(z.strictObject({ file: innerPath, bytes: count, sha256 })),
});

export type Manifest = DeepReadonly<z.infer<typeof manifestSchema>>;

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;
