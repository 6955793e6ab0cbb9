import { expect, test } from 'vitest';
import type { WatchOptions } from '../../src/engine/engine.ts';
import { createSnapshot } from './support/memory-engine.ts';
import { createTestShell, runMain } from './support/test-shell.ts';

const at = '2025-11-22T03:48:00.000Z';
const summary = { startedAt: at, endedAt: at, looks: 2, snapshots: ['codex-backup-a'], failures: 1 };

/** An engine whose watch tells this and ends. */
const watch = async ({ onEvent }: WatchOptions) => {
  onEvent({ at, kind: 'started', root: '/r', backups: '/r/b', intervalSeconds: 60 });
  onEvent({ at, kind: 'look', bytes: 1, growthBytes: 0, thresholdBytes: 51_200 });
  const error = { code: 'io', message: 'No \u001b[2J disk.', hint: 'Look.', details: {} } as const;
  onEvent({ at, kind: 'failed', error, attempts: 2, nextAttemptAt: at });
  onEvent({ at, kind: 'clock', lateMs: 28_800_000 });
  const alarm = { kind: 'memory-lost', at, snapshot: 'b', good: 'a', message: 'The Brain has lost memories.' } as const;
  onEvent({ at, kind: 'alarm', alarm });
  onEvent({ at, kind: 'snapshot', snapshot: createSnapshot() });
  return summary;
};

test('watch tells a person what happens, but no look, and nothing that plays with the terminal', async () => {
  const { code, out, err } = await runMain(['watch'], createTestShell({ watch }));
  expect(code).toBe(0);
  expect(out).toBe('Watched: 2 looks, 1 snapshot, 1 failed attempt.\n');
  const lines = err.trimEnd().split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[0]).toMatch(/ {2}Watching \/r every 60 s; snapshots go to \/r\/b\.$/);
  expect(lines[1]).toMatch(/Attempt 2 failed: No \\u001b\[2J disk\. Next try at /);
  expect(lines[2]).toContain('The look comes 8 h late');
  expect(lines[3]).toContain('ALARM: The Brain has lost memories. a has them.');
});

test('watch --json writes one document to standard output and each event as a line of JSON to standard error', async () => {
  const { out, err } = await runMain(['watch', '--json'], createTestShell({ watch }));
  expect(JSON.parse(out)).toEqual({ ok: true, watch: summary });
  const events = err
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map(({ kind }) => kind)).toEqual(['started', 'look', 'failed', 'clock', 'alarm', 'snapshot']);
});

test('watch --quiet tells nothing', async () => {
  expect(await runMain(['watch', '--quiet'], createTestShell({ watch }))).toEqual({ code: 0, out: '', err: '' });
});

test('acknowledge says what it has ended, or that there was nothing', async () => {
  const alarm = { kind: 'suspicious', at, snapshot: 'b', good: 'a', message: 'No tables.' } as const;
  const ended = await runMain(['acknowledge'], createTestShell({ acknowledge: async () => alarm }));
  expect(ended.out).toBe('Ended the alarm: No tables.\na has what is missing, and stays pinned.\n');
  const none = await runMain(['acknowledge', '--json'], createTestShell({ acknowledge: async () => null }));
  expect(JSON.parse(none.out)).toEqual({ ok: true, alarm: null });
});

test("a call of Codex's own watcher that needs no snapshot ends well and says why", async () => {
  const runIfGrown = async () => ({ snapshot: null, reason: 'Already saved.' });
  const shell = createTestShell({ runIfGrown }, { detectTrigger: async () => 'growth' });
  expect(await runMain(['run'], shell)).toEqual({ code: 0, out: 'Already saved.\n', err: '' });
});
