import { linkSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { multiplySnapshot } from '../../../bench/inputs/many-snapshots.ts';
import { type IndexEntry, readIndex, writeIndex } from '../../../src/engine/code/code-index.ts';
import { encodeManifest, readManifest } from '../../../src/engine/snapshot/manifest.ts';
import { snapshotFiles } from '../../../src/shared/model.ts';
import type { StagePlace } from './stage-place.ts';

const snapshots = 1000;
const samples = 100_000;
const files = 100_000;
const filesPerFolder = 200;
const sampleEveryMs = 60_000;

/** Makes of a place with one snapshot one that has long been in use; the newest snapshot lists 100,000 files. */
export function enlarge({ root, home }: StagePlace): void {
  const backups = join(root, 'backups');
  multiplySnapshot(backups, snapshots, (from, to) => {
    mkdirSync(dirname(to), { recursive: true });
    linkSync(from, to);
  });
  const newest = readdirSync(backups)
    .filter((name) => name.startsWith('codex-backup-'))
    .sort()
    .at(-1);
  listManyFiles(join(backups, newest ?? ''));
  recordManyLooks(join(home, 'state.db'), root);
}

/** An index with that many files, of which the archive knows nothing: for listings only. */
function listManyFiles(snapshot: string): void {
  const file = join(snapshot, snapshotFiles.index);
  const index = readIndex(file);
  const [sample] = index.entries.filter(({ kind }) => kind === 'file');
  if (sample === undefined) throw new Error('the index has a file');
  const entries: IndexEntry[] = [];
  for (let number = 0; number < files; number += 1) {
    const folder = `codex-hands/part-${Math.floor(number / filesPerFolder)}`;
    if (number % filesPerFolder === 0) entries.push({ ...sample, path: folder, kind: 'folder', size: 0, sha256: '' });
    entries.push({ ...sample, path: `${folder}/record-${number}.json` });
  }
  rmSync(file);
  const written = writeIndex(file, { ...index, entries });
  const manifestFile = join(snapshot, snapshotFiles.manifest);
  const manifest = readManifest(manifestFile);
  const others = manifest.files.map((one) => (one.file === snapshotFiles.index ? { ...one, ...written } : one));
  const code = manifest.code === null ? null : { ...manifest.code, files };
  rmSync(manifestFile);
  writeFileSync(manifestFile, encodeManifest({ ...manifest, code, files: others }));
  if (statSync(file).size !== written.bytes) throw new Error('the index is as long as was said');
}

function recordManyLooks(file: string, root: string): void {
  const state = new Database(file);
  const add = state.prepare('INSERT INTO samples (at, root, bytes, usedBytes, rows) VALUES (?, ?, ?, ?, ?)');
  const first = Date.now() - samples * sampleEveryMs;
  state.transaction(() => {
    for (let number = 0; number < samples; number += 1) {
      const bytes = 60_000 + number + Math.round(3000 * Math.sin(number / 50));
      add.run(first + number * sampleEveryMs, root, bytes, bytes, number);
    }
  })();
  state.close();
}
