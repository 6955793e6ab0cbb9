import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { CopyCheck } from '../../shared/copies.ts';
import type { EngineContext } from '../context.ts';
import { readCopyRecord, writeCopyRecord } from '../copies/copy-state.ts';
import type { CopyStore, StoredSnapshot } from '../copies/copy-store.ts';
import { fetchIncoming } from '../copies/fetch.ts';
import { publishIncoming } from '../copies/folder-store.ts';
import type { OpenCopy } from '../copies/open-copy.ts';
import { chooseSample, planCopyCheck, type StoredFile, shortHash } from '../copies/plan-copy-check.ts';
import { freeBytes } from '../platform/disk-space.ts';
import { openSnapshot } from '../snapshot/catalog.ts';
import { vouchedFiles } from '../snapshot/describe-snapshot.ts';
import type { Problem } from '../snapshot/problem.ts';
import { asOnlyOne } from './copy.ts';
import { drillEntry } from './drill.ts';
import { lookIntoCopy } from './look-into-copy.ts';
import { recordActivity } from './record-activity.ts';

/** Does the check of a copy that is due: reads a part of it back, or restores its newest snapshot on trial. */
export async function checkCopy(context: EngineContext, name: string, signal: AbortSignal): Promise<CopyCheck | null> {
  return asOnlyOne(context, name, async () => {
    const opened = await lookIntoCopy(context, name, { signal });
    const { verify, drill } = context.settings();
    const rules = { verifyDays: verify.copiesEveryDays, drillDays: drill.copiesEveryDays };
    const due = planCopyCheck(opened.record, rules, context.clock.now());
    if (due === null) return null;
    const { snapshots } = opened.contents;
    const check =
      due === 'verify'
        ? await readBack(context, opened, snapshots, signal)
        : await drillCopy(context, opened, snapshots, signal);
    if (check === null) return null;
    const what = due === 'verify' ? 'A part of the copy' : 'The newest snapshot of the copy';
    const found = check.ok ? (due === 'verify' ? 'is good' : 'came back') : check.problem;
    await recordActivity(context, {
      kind: `copy-${due}`,
      ok: check.ok,
      snapshot: null,
      message: `${what} ${name}: ${found}.`,
    });
    return check;
  });
}

async function readBack(
  context: EngineContext,
  { settings, store, record }: OpenCopy,
  snapshots: readonly StoredSnapshot[],
  signal: AbortSignal,
): Promise<CopyCheck> {
  const files = snapshots.flatMap(({ id, manifest }) =>
    vouchedFiles(manifest).map((file): StoredFile => ({ ...file, id })),
  );
  const sample = chooseSample(files, record.verified, context.settings().verify.copiesEveryDays);
  const hashes = await store.hash(sample, signal);
  const atMs = context.clock.now();
  const wrong = sample.filter(({ id, file, sha256 }) => hashes.get(`${id}/${file}`) !== sha256);
  const read = sample.map((file) => [shortHash(file.sha256), { atMs, ok: !wrong.includes(file) }] as const);
  const verified = { ...record.verified, ...Object.fromEntries(read) };
  const times = files.map(({ sha256 }) => verified[shortHash(sha256)]?.atMs ?? null);
  const verifiedAtMs = times.reduce(
    (oldest, time) => (oldest === null || time === null ? null : Math.min(oldest, time)),
    atMs,
  );
  // Written over what is known now: a copy may have been made since it was opened.
  const known = readCopyRecord(context, settings.name, record.place);
  writeCopyRecord(context, settings.name, { ...known, verified, sampledAtMs: atMs, verifiedAtMs });
  const [first] = wrong;
  const problem = first === undefined ? '' : `${first.file} of ${first.id} is missing or does not match its hash`;
  return { copy: settings.name, check: 'verify', ok: first === undefined, problem };
}

async function drillCopy(
  context: EngineContext,
  { settings, store, record }: OpenCopy,
  snapshots: readonly StoredSnapshot[],
  signal: AbortSignal,
): Promise<CopyCheck | null> {
  const stored = snapshots.find(({ manifest, wrong }) => wrong.length === 0 && manifest.brain?.integrity === 'ok');
  if (stored === undefined || !hasRoom(stored)) return null;
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'codex-backup-copy-drill-')));
  try {
    const { id } = stored;
    const [first] = await drillStored(context, store, stored, scratch, signal);
    const known = readCopyRecord(context, settings.name, record.place);
    writeCopyRecord(context, settings.name, {
      ...known,
      drill: { atMs: context.clock.now(), ok: first === undefined, id },
    });
    const problem = first === undefined ? '' : `${first.file}: ${first.message}`;
    return { copy: settings.name, check: 'drill', ok: first === undefined, problem };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What is wrong with a snapshot of the copy, on its way or when it has come. */
async function drillStored(
  context: EngineContext,
  store: CopyStore,
  stored: StoredSnapshot,
  scratch: string,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const { id } = stored;
  try {
    await fetchIncoming({ store, stored, folder: scratch, catalog: [], signal, onProgress: undefined });
    publishIncoming(scratch, id, () => undefined);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'snapshot-damaged') throw error;
    return [{ file: id, message: error.message }];
  }
  return drillEntry(context, openSnapshot(scratch, id), { signal, isLowPriority: true });
}

/** The snapshot, what is built of it, and its databases once more to check them. A full disk says nothing of a copy. */
function hasRoom({ manifest }: StoredSnapshot): boolean {
  const files = vouchedFiles(manifest).reduce((sum, { bytes }) => sum + bytes, 0);
  return freeBytes(tmpdir()) > 3 * files + (manifest.code?.rawBytes ?? 0) + 100_000_000;
}
