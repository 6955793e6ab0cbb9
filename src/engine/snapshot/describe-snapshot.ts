import { existsSync, lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import { type CodePart, type DatabasePart, type Snapshot, snapshotFiles } from '../../shared/model.ts';
import { parseSnapshotId } from '../../shared/snapshot-id.ts';
import type { Manifest } from './manifest.ts';
import type { Meta } from './meta.ts';

type Known = Pick<Snapshot, 'id' | 'path' | 'pinned' | 'note'>;
type Described = Omit<Snapshot, keyof Known>;

/** A file that the manifest vouches for. */
export interface VouchedFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Every file that a manifest vouches for. */
export function vouchedFiles(manifest: Manifest): readonly VouchedFile[] {
  const parts = [manifest.brain, ...manifest.databases, manifest.code].filter((part) => part !== null);
  return [...parts, ...manifest.files].map(({ file, bytes, sha256 }) => ({ file, bytes, sha256 }));
}

/** A snapshot as its manifest tells it, held against the sizes on the disk and the last verification. */
export function describePublished(
  known: Known,
  manifest: Manifest,
  meta: Meta,
): { snapshot: Snapshot; damagedFiles: Set<string> } {
  const stats = new Map(vouchedFiles(manifest).map(({ file }) => [file, statIfThere(join(known.path, file))]));
  const wrong = vouchedFiles(manifest).filter(({ file, bytes }) => stats.get(file)?.size !== bytes);
  const lastVerify = meta.checks.findLast(({ kind }) => kind === 'verify');
  const damagedFiles = new Set(
    [...wrong, ...(lastVerify?.problems ?? [])].map(({ file }) => file.split(': ')[0] ?? file),
  );
  const diskBytes = ownBytes([...stats.values(), statIfThere(join(known.path, snapshotFiles.manifest))]);
  return { snapshot: snapshotOf(known, manifest, { damagedFiles, diskBytes }), damagedFiles };
}

/** A snapshot as its manifest tells it, wherever it lies. */
export function snapshotOf(
  known: Known,
  manifest: Manifest,
  { damagedFiles, diskBytes }: { readonly damagedFiles: ReadonlySet<string>; readonly diskBytes: number },
): Snapshot {
  const damage = [...damagedFiles].map((file) => ({ code: 'damaged-file', message: `${file} is missing or damaged.` }));
  return {
    ...known,
    createdAt: manifest.createdAt,
    sequence: manifest.sequence,
    trigger: manifest.trigger,
    status: damagedFiles.size > 0 ? 'damaged' : manifest.status,
    durationMs: manifest.durationMs,
    diskBytes,
    brain: manifest.brain,
    databases: manifest.databases,
    code: manifest.code === null ? null : codePart(manifest.code),
    skipped: manifest.skipped,
    warnings: [...manifest.warnings, ...damage],
  };
}

/** A folder that was ours, whose manifest is missing or can't be believed. */
export function describeDamaged(path: string, id: string, error: unknown): Described {
  const manifest = join(path, snapshotFiles.manifest);
  const missing = systemErrorCode(error) === 'ENOENT';
  const message = missing ? `${manifest} is missing.` : error instanceof Error ? error.message : String(error);
  return { ...describeUnknown(path, id), status: 'damaged', warnings: [{ code: 'manifest', message }] };
}

/** True for a folder that holds nothing that only this program writes. */
export function looksLegacy(path: string): boolean {
  const own = [snapshotFiles.manifest, snapshotFiles.index, snapshotFiles.restoreText];
  return !own.some((file) => existsSync(join(path, file)));
}

/** A snapshot that v1.5 made: a Brain copy and an archive, about which nothing is known until they are verified. */
export function describeLegacy(path: string, id: string): Described {
  const brain = statIfThere(join(path, snapshotFiles.brain));
  const code = statIfThere(join(path, snapshotFiles.code));
  return {
    ...describeUnknown(path, id),
    status: 'legacy',
    brain: brain === undefined ? null : legacyBrain(brain),
    code: code === undefined ? null : legacyCode(code),
  };
}

const legacyBrain = (stats: Stats): DatabasePart => ({
  file: snapshotFiles.brain,
  path: snapshotFiles.brain,
  bytes: stats.size,
  sha256: '',
  pageSize: 0,
  pageCount: 0,
  journalMode: 'unknown',
  mode: stats.mode & 0o7777,
  uid: stats.uid,
  gid: stats.gid,
  tables: [],
  userVersion: 0,
  schemaHash: '',
  integrity: 'not checked',
  foreignKeyViolations: 0,
  lockHeldMs: 0,
});

const legacyCode = (stats: Stats): CodePart => ({
  file: snapshotFiles.code,
  bytes: stats.size,
  sha256: '',
  files: 0,
  rawBytes: 0,
  packs: { total: 0, reused: 0 },
  linked: false,
});

function describeUnknown(path: string, id: string): Omit<Described, 'status'> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return {
    createdAt: (parseSnapshotId(id) ?? new Date(0)).toISOString(),
    sequence: 0,
    trigger: 'legacy',
    durationMs: 0,
    diskBytes: ownBytes(names.map((name) => statIfThere(join(path, name)))),
    brain: null,
    databases: [],
    code: null,
    skipped: [],
    warnings: [],
  };
}

function codePart(code: NonNullable<Manifest['code']>): CodePart {
  const { file, bytes, sha256, files, rawBytes, packs, linked } = code;
  return { file, bytes, sha256, files, rawBytes, packs, linked };
}

/** What removing these files would free: a file that has another hard link elsewhere frees nothing. */
function ownBytes(stats: readonly (Stats | undefined)[]): number {
  return stats.reduce((sum, stat) => sum + (stat?.isFile() && stat.nlink === 1 ? stat.blocks * 512 : 0), 0);
}

function statIfThere(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
