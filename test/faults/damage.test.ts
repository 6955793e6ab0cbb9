import {
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type CheckProcess, startCheckProcess } from '../../src/engine/brain/check.ts';
import type { Engine } from '../../src/engine/index.ts';
import { openSnapshot } from '../../src/engine/snapshot/catalog.ts';
import { decodeManifest, encodeManifest } from '../../src/engine/snapshot/manifest.ts';
import { verifySnapshot } from '../../src/engine/snapshot/verify.ts';
import { createFaultPlace, type FaultPlace, ledgerPath, scale } from './support/fault-place.ts';

/** Two snapshots that differ in code and Brain, made once; each test puts back what it damages. */
let place: FaultPlace;
let engine: Engine;
/** One for all, so that hundreds of verifications don't start hundreds of processes. */
let checker: CheckProcess;
let first: string;
let second: string;

beforeAll(async () => {
  place = createFaultPlace({
    folder: realpathSync(mkdtempSync(join(tmpdir(), 'codex-backup-damage-'))),
    brainBytes: 20_000,
  });
  engine = place.engine();
  checker = startCheckProcess();
  mkdirSync(join(place.folder, 'scratch'));
  first = (await engine.run({ trigger: 'manual' })).id;
  writeFileSync(join(place.root, 'codex-bridge/src/new.js'), 'export {};\n');
  second = (await engine.run({ trigger: 'manual' })).id;
});
afterAll(async () => {
  checker.close();
  await engine.close();
  rmSync(place.folder, { recursive: true, force: true });
});

/** Of each of the two, in order. */
const allFiles: readonly string[] = [
  'RESTORE.txt',
  'code-index.json.gz',
  'codex-brain.db',
  'codex-code.tar.gz',
  `databases/${ledgerPath}`,
  'manifest.json',
];

const pathOf = (id: string, file = '') => join(place.backups, id, file);

function filesOf(id: string): string[] {
  return readdirSync(pathOf(id), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(pathOf(id), join(entry.parentPath, entry.name)));
}

/** Keeps a snapshot as it is now, and puts it back when the test is over; what was recorded of it is forgotten. */
function putBackAfterwards(id: string): void {
  const kept = join(place.folder, 'kept');
  cpSync(pathOf(id), kept, { recursive: true, preserveTimestamps: true });
  onTestFinished(() => {
    rmSync(pathOf(id), { recursive: true });
    renameSync(kept, pathOf(id));
    rmSync(join(place.backups, '.meta', `${id}.json`), { force: true });
  });
}

async function damagedFiles(id: string): Promise<string[]> {
  const result = await verifySnapshot(openSnapshot(place.backups, id), {
    checker,
    scratchFolder: join(place.folder, 'scratch'),
    signal: new AbortController().signal,
    onProgress: undefined,
  });
  const files = result.problems.map(({ file }) => file.split(': ')[0] ?? file);
  expect(result.status).toBe(files.length === 0 ? 'verified' : 'damaged');
  return [...new Set(files)];
}

test('both snapshots verify before anything is damaged', async () => {
  expect(await damagedFiles(first)).toEqual([]);
  expect(await damagedFiles(second)).toEqual([]);
  for (const id of [first, second]) expect(filesOf(id).toSorted()).toEqual(allFiles);
});

test.for(allFiles)(
  `D63, D68: a flipped bit at ${50 * scale} random places of %s is noticed, and the file named`,
  async (file) => {
    putBackAfterwards(second);
    const path = pathOf(second, file);
    const sound = readFileSync(path);
    const random = Array.from({ length: 50 * scale - 2 }, () => Math.floor(Math.random() * sound.length));
    for (const offset of [0, sound.length - 1, ...random]) {
      const bit = Math.floor(Math.random() * 8);
      const flipped = Buffer.from(sound);
      flipped[offset] = (sound[offset] ?? 0) ^ (1 << bit);
      writeFileSync(path, flipped);
      expect(await damagedFiles(second), `${file}, bit ${bit} of byte ${offset} of ${sound.length}`).toContain(file);
    }
    writeFileSync(path, sound);
    expect(await damagedFiles(second)).toEqual([]);
  },
);

test('D63: every bit of a manifest counts', () => {
  const sound = readFileSync(pathOf(first, 'manifest.json'));
  let accepted = 0;
  for (let offset = 0; offset < sound.length; offset += 1) {
    const flipped = Buffer.from(sound);
    flipped[offset] = (sound[offset] ?? 0) ^ (1 << (offset % 8));
    try {
      decodeManifest(flipped, 'manifest.json');
      accepted += 1;
    } catch (error) {
      expect(error).toMatchObject({ code: 'snapshot-damaged' });
    }
  }
  expect(accepted).toBe(0);
});

test('D64: a file that was cut off, or has grown, is noticed and named', async () => {
  putBackAfterwards(second);
  for (const file of filesOf(second)) {
    const path = pathOf(second, file);
    const sound = readFileSync(path);
    for (const length of [0, Math.floor(sound.length * Math.random()), sound.length - 8, sound.length - 1]) {
      truncateSync(path, length);
      expect(await damagedFiles(second), `${file} cut to ${length}`).toContain(file);
      writeFileSync(path, sound);
    }
    writeFileSync(path, Buffer.concat([sound, Buffer.alloc(1)]));
    expect(await damagedFiles(second), `${file} with one byte more`).toContain(file);
    writeFileSync(path, sound);
  }
});

test('D65: a file that is missing, added, replaced by a link, or taken from another snapshot is noticed and named', async () => {
  putBackAfterwards(second);
  for (const file of filesOf(second)) {
    const path = pathOf(second, file);
    const sound = readFileSync(path);
    rmSync(path);
    expect(await damagedFiles(second), `without ${file}`).toContain(file);
    copyFileSync(pathOf(first, file), path);
    // Nothing was written to the ledger between the two, so that one may be equal.
    if (!sound.equals(readFileSync(path))) expect(await damagedFiles(second), `${file} of the other`).toContain(file);
    rmSync(path);
    symlinkSync(pathOf(first, file), path);
    expect(await damagedFiles(second), `a link for ${file}`).toContain(file);
    rmSync(path);
    writeFileSync(path, sound);
  }
  for (const extra of ['extra.txt', 'databases/other.db', 'codex-brain.db-wal']) {
    writeFileSync(pathOf(second, extra), 'x');
    expect(await damagedFiles(second)).toEqual([extra]);
    rmSync(pathOf(second, extra));
  }
  mkdirSync(pathOf(second, 'an empty folder'));
  expect(await damagedFiles(second)).toEqual(['an empty folder']);
  rmSync(pathOf(second, 'an empty folder'), { recursive: true });
  expect(await damagedFiles(second)).toEqual([]);
});

test('D65: whole folders that changed their names are noticed', async () => {
  putBackAfterwards(second);
  rmSync(pathOf(second), { recursive: true });
  cpSync(pathOf(first), pathOf(second), { recursive: true });
  expect(await damagedFiles(second)).toEqual(['manifest.json']);
});

test('D66: who can write the backups can forge them: a manifest that was signed anew is believed', async () => {
  putBackAfterwards(second);
  const path = pathOf(second, 'manifest.json');
  const manifest = decodeManifest(readFileSync(path), path);
  writeFileSync(path, encodeManifest({ ...manifest, host: 'forged' }));
  expect(await damagedFiles(second)).toEqual([]);
  // What can be held against the bytes themselves is noticed all the same.
  const { brain } = manifest;
  if (brain === null) throw new Error('the snapshot has no Brain');
  const [table, ...others] = brain.tables;
  if (table === undefined) throw new Error('the Brain has no table');
  const tables = [{ ...table, rows: table.rows + 1 }, ...others];
  writeFileSync(path, encodeManifest({ ...manifest, brain: { ...brain, tables } }));
  expect(await damagedFiles(second)).toEqual(['codex-brain.db']);
  writeFileSync(path, encodeManifest({ ...manifest, files: manifest.files.slice(1) }));
  expect(await damagedFiles(second)).toContain(manifest.files[0]?.file);
});

test('D63: the command line ends with 3 and names the file, and a damaged archive is never reused', async () => {
  putBackAfterwards(second);
  const archive = pathOf(second, 'codex-code.tar.gz');
  const bytes = readFileSync(archive);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 4;
  writeFileSync(archive, bytes);
  const ending = await place.run(['verify', second, '--json']);
  expect(ending.code).toBe(3);
  expect(JSON.parse(ending.out)).toMatchObject({ results: [{ id: second, status: 'damaged' }] });
  expect(ending.out).toMatch(/"file": ?"codex-code\.tar\.gz"/);
  expect((await engine.list()).find(({ id }) => id === second)?.status).toBe('damaged');
  const next = await engine.run({ trigger: 'manual' });
  expect(next.status).toBe('verified');
  expect(lstatSync(join(next.path, 'codex-code.tar.gz')).ino).not.toBe(lstatSync(archive).ino);
  expect(await damagedFiles(next.id)).toEqual([]);
});
