import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFaultPlace, type FaultPlace } from './support/fault-place.ts';
import { snapshotOf } from './support/json-ending.ts';
import { findUnsafe, parseTrace, type SystemCall } from './support/replay-trace.ts';
import { whyNoStrace } from './support/strace.ts';

const calls = [
  'openat',
  'write',
  'pwrite64',
  'ftruncate',
  'fsync',
  'fdatasync',
  'rename',
  'renameat',
  'renameat2',
  'link',
  'linkat',
  'mkdir',
  'mkdirat',
  'unlink',
];

interface Recording {
  readonly id: string;
  readonly trace: readonly SystemCall[];
}

/** Takes a snapshot and records every call with which the command, or what it starts, changes files. */
async function record(place: FaultPlace): Promise<Recording> {
  const traceFile = join(place.folder, 'trace');
  const wrapper = ['strace', '-f', '-y', '-s', '0', '-o', traceFile, '-e', `trace=${calls.join(',')}`];
  const ending = await place.run(['run', '--json'], { wrapper });
  return { id: snapshotOf(ending).id, trace: parseTrace(readFileSync(traceFile, 'utf8')) };
}

describe.skipIf(whyNoStrace)(`power loss${whyNoStrace ? ` (${whyNoStrace})` : ''}`, () => {
  test('C44: when a snapshot shows up under its name, all of it is on the disk; when the run ends, the name is too', async () => {
    const place = createFaultPlace();
    for (const linked of [false, true]) {
      const { id, trace } = await record(place);
      const { unsafe, files, folders } = findUnsafe(trace, place.backups, id);
      expect(unsafe).toEqual([]);
      // Brain, ledger, archive, index, RESTORE.txt and the manifest: written, or linked from a snapshot that was.
      expect(files).toHaveLength(linked ? 4 : 6);
      expect(folders.length).toBeGreaterThanOrEqual(4);
      if (!linked) await settle(place);
    }
  });

  test('C44: a replay that misses a flush says so', async () => {
    const place = createFaultPlace();
    const { id, trace } = await record(place);
    const flushes = trace.filter(({ name, path }) => name === 'fsync' && path.startsWith(place.backups));
    const needed = flushes.filter((flush) => {
      const without = trace.filter((call) => call !== flush);
      return findUnsafe(without, place.backups, id).unsafe.length > 0;
    });
    // Not each flush is needed (SQLite's own, before the one that counts), but there is one per file and folder.
    expect(needed.length).toBeGreaterThanOrEqual(6);
  });
});

/** Snapshots until the code is linked: files as young as their snapshot are read again. */
async function settle(place: FaultPlace): Promise<void> {
  const engine = place.engine({ clock: { now: () => Date.now() + 60_000 } });
  await engine.run({ trigger: 'manual' });
  await engine.close();
  expect(snapshotOf(await place.run(['run', '--json'])).code.linked).toBe(true);
}
