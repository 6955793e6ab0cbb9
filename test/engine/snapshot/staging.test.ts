import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createStaging, moveToTrashAndDelete, sweep } from '../../../src/engine/snapshot/staging.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const now = Date.parse('2025-11-22T03:35:57.396Z');

test('what is staged shows up under its name by publishing, and not before', () => {
  const backups = temporaryFolder();
  const staging = createStaging(backups, now);
  writeFileSync(staging.place('databases/codex-hands/hands.db'), 'x');
  expect(existsSync(join(backups, staging.id))).toBe(false);
  expect(staging.publish()).toBe(join(backups, 'codex-backup-2025-11-22T03-35-57-396Z'));
  expect(readdirSync(backups)).toEqual([staging.id]);
});

test('folders into which nothing was written are not published', () => {
  const backups = temporaryFolder();
  const staging = createStaging(backups, now);
  staging.place('databases/codex-hands/data/never-read.db');
  writeFileSync(staging.place('databases/codex-voice/voice.db'), 'x');
  expect(readdirSync(join(staging.publish(), 'databases'))).toEqual(['codex-voice']);
});

test('B38: the folder is private whatever the umask', () => {
  const before = process.umask(0);
  try {
    expect(statSync(createStaging(temporaryFolder(), now).folder).mode & 0o777).toBe(0o700);
  } finally {
    process.umask(before);
  }
});

test('C50: two snapshots of one moment get names of their own', () => {
  const backups = temporaryFolder();
  const first = createStaging(backups, now);
  first.publish();
  const second = createStaging(backups, now);
  second.publish();
  expect(readdirSync(backups).sort()).toEqual([first.id, second.id].sort());
  expect(second.id).toBe('codex-backup-2025-11-22T03-35-57-397Z');
});

test('sweeping removes what crashed runs left, and nothing else', () => {
  const backups = temporaryFolder();
  const canary = temporaryFolder();
  writeFileSync(join(canary, 'kept'), 'x');
  createStaging(backups, now);
  symlinkSync(canary, join(backups, '.trash-link'));
  mkdirSync(join(backups, 'my own folder'));
  writeFileSync(join(backups, 'notes.txt'), 'x');
  expect(sweep(backups)).toHaveLength(2);
  expect(readdirSync(backups).sort()).toEqual(['my own folder', 'notes.txt']);
  expect(existsSync(join(canary, 'kept'))).toBe(true);
});

test('D59: a link inside a removed snapshot is unlinked, and not followed', () => {
  const backups = temporaryFolder();
  const canary = temporaryFolder();
  writeFileSync(join(canary, 'kept'), 'x');
  const staging = createStaging(backups, now);
  symlinkSync(canary, staging.place('link'));
  staging.publish();
  moveToTrashAndDelete(backups, staging.id);
  expect(readdirSync(backups)).toEqual([]);
  expect(existsSync(join(canary, 'kept'))).toBe(true);
});
