import { closeSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseLsof } from '../../../src/engine/platform/open-handles.darwin.ts';
import { findOpenHandles } from '../../../src/engine/platform/open-handles.ts';
import { createBrain } from '../../helpers/brain.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { startTestWriter } from '../brain/capture-helpers.ts';

test('finds the processes that have a file open, by any name, and this one too', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'brain.db');
  createBrain(file);
  expect(await findOpenHandles([file, `${file}-wal`])).toEqual([]);
  const other = await startTestWriter({ file, journalMode: 'wal', task: 'idle' });
  const moved = join(folder, 'moved.db');
  renameSync(file, moved);
  const fd = openSync(moved, 'r');
  const handles = await findOpenHandles([moved, `${file}-wal`]);
  closeSync(fd);
  const pids = handles.filter(({ path }) => path === moved).map(({ pid }) => pid);
  expect(pids.toSorted()).toEqual([process.pid, other.pid].toSorted());
  expect(handles.every(({ command }) => command !== '')).toBe(true);
});

test('a file that does not exist is open nowhere', async () => {
  expect(await findOpenHandles([join(temporaryFolder(), 'none')])).toEqual([]);
});

test('reads what lsof prints', () => {
  const output = 'p12\ncnode\nf20\nn/a/brain.db\nf21\nn/a/brain.db-wal\np13\ncsqlite3\nf3\nn/a/brain.db\n';
  expect(parseLsof(output)).toEqual([
    { path: '/a/brain.db', pid: 12, command: 'node' },
    { path: '/a/brain.db-wal', pid: 12, command: 'node' },
    { path: '/a/brain.db', pid: 13, command: 'sqlite3' },
  ]);
  expect(parseLsof('')).toEqual([]);
});
