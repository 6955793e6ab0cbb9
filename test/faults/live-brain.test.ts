import { existsSync, linkSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { brainTotal } from '../helpers/brain.ts';
import { startWriter } from '../helpers/writer-process.ts';
import { brainPath, createFaultPlace } from './support/fault-place.ts';
import { snapshotOf } from './support/json-ending.ts';

test.for(['wal', 'delete'] as const)(
  'a snapshot of a Brain that is written 500 times a second shows one moment, also with a hard link to it among the code: %s',
  async (journalMode) => {
    const place = createFaultPlace({ journalMode, brainBytes: 10_000_000 });
    const brain = join(place.root, brainPath);
    const link = join(place.root, 'codex-voice/same brain.db');
    mkdirSync(dirname(link), { recursive: true });
    linkSync(brain, link);
    // A run by hand holds a Brain with a rollback journal until it is copied, however busy the machine is.
    const busyTimeoutMs = 60_000;
    const writer = await startWriter({ file: brain, journalMode, task: 'transfer', ratePerSecond: 500, busyTimeoutMs });
    onTestFinished(() => writer.stop());

    const before = await writer.report(true);
    const first = await place.run(['run', '--json']);
    const between = await writer.report();
    expect(first.code, first.out + first.err).toBe(0);
    const snapshot = snapshotOf(first);
    expect(snapshot.status).toBe('verified');
    expect(snapshot.warnings.map(({ code }) => code)).toContain('database-hard-link');
    expect(between.commits - before.commits, 'the writer did not write').toBeGreaterThan(50);
    expect(between.busyErrors).toBe(0);
    expectOneMoment(join(snapshot.path, 'codex-brain.db'));

    const second = snapshotOf(await place.run(['run', '--json']));
    const third = snapshotOf(await place.run(['run', '--json']));
    expectOneMoment(join(second.path, 'codex-brain.db'));
    expect(third.code.linked).toBe(true);
    expect(third.code.packs.reused).toBe(third.code.packs.total);
    // The ledger is captured anew each time as well.
    expect(third.diskBytes).toBeLessThan(third.brain.bytes + 250_000);
    for (const { path } of [snapshot, second, third]) {
      expect(existsSync(join(path, 'codex-brain.db-wal')) || existsSync(join(path, 'codex-brain.db-journal'))).toBe(
        false,
      );
    }
  },
);

/** Amounts move between two tables and never come or go; a copy of two moments shows another sum. */
function expectOneMoment(file: string): void {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  const sum = db.prepare('SELECT (SELECT sum(amount) FROM purse) + (SELECT sum(amount) FROM chest)').pluck().get();
  const moved = db.prepare('SELECT sum(amount) FROM chest').pluck().get();
  db.close();
  expect(sum).toBe(brainTotal);
  expect(moved, 'nothing was moved, so the sum says nothing').not.toBe(0);
}
