import type { ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { postEvent } from '../../sample/post-events.ts';
import { findProcessesIn } from '../helpers/find-processes-in.ts';
import { createTestSample, isHealthy, type TestSample, waitUntil } from '../helpers/sample.ts';
import { type CliPlace, createCliPlace, endingOf } from './support/spawn-cli.ts';

let sample: TestSample;
let place: CliPlace;
const watchers: Watching[] = [];

beforeEach(async () => {
  sample = await createTestSample();
  place = createCliPlace();
  await place.run(['settings', 'watch.intervalSeconds', '1']);
});
afterEach(async () => {
  for (const watching of watchers.splice(0)) watching.child.kill('SIGKILL');
  await sample.dispose();
  place.dispose();
});

interface Watching {
  readonly child: ChildProcess;
  events(): readonly Record<string, unknown>[];
  /** Ctrl-C, and what it ended with. */
  end(): ReturnType<typeof endingOf>;
}

/** Starts `watch --json` and waits for its first look. */
async function startWatch(): Promise<Watching> {
  const child = place.start(['watch', '--json', '--root', sample.root]);
  const ending = endingOf(child);
  let told = '';
  child.stderr?.on('data', (chunk: string) => {
    told += chunk;
  });
  const events = () =>
    told
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{'))
      .map((line): Record<string, unknown> => JSON.parse(line));
  const end = async () => {
    child.kill('SIGINT');
    return ending;
  };
  const watching = { child, events, end };
  watchers.push(watching);
  await looksMore(watching, 1);
  return watching;
}

const count = ({ events }: Watching, kind: string) => events().filter((event) => event['kind'] === kind).length;

async function looksMore(watching: Watching, more: number): Promise<void> {
  const before = count(watching, 'look');
  await waitUntil(
    `${more} more looks`,
    () => count(watching, 'look') >= before + more,
    watching.child,
    () => JSON.stringify(watching.events()),
  );
}

const post = (bytes: number) =>
  postEvent(sample.ports.brain, {
    kind: 'TurnAppended',
    event: { sessionId: 'test', text: 'x'.repeat(bytes) },
  });

/** As `post`, in no time: the Brain's commit waits for the disk, and one that two looks meet is told as a problem. */
function write(bytes: number): void {
  const db = new Database(sample.brain, { timeout: 20_000 });
  db.pragma('synchronous = OFF');
  const json = JSON.stringify({ sessionId: 'test', text: 'x'.repeat(bytes) });
  db.prepare("INSERT INTO events (sessionId, kind, json) VALUES ('test', 'TurnAppended', ?)").run(json);
  db.close();
}

const listed = async () => {
  const { document } = await place.json(['list', '--root', sample.root]);
  return document['snapshots'] as readonly { readonly id: string; readonly trigger: string }[];
};
const status = async () => {
  const { document } = await place.json(['status', '--root', sample.root]);
  return document['status'] as {
    readonly state: string;
    readonly exposure: { readonly milliseconds: number; readonly bytes: number; readonly rows: readonly unknown[] };
    readonly watcher: object | null;
  };
};

describe('codex-backup watch', () => {
  test('49 KB three times gives exactly one snapshot, by growth; the end of the Brain changes nothing', async () => {
    await sample.startBrain();
    await place.run(['run', '--root', sample.root]);
    const watching = await startWatch();
    // A row of 48,500 bytes takes twelve pages: the file grows by 49,152.
    write(48_500);
    // The first may have begun before; what the second sees is told by `status` once there is a third.
    await looksMore(watching, 3);
    const exposed = await status();
    expect(exposed.watcher).toMatchObject({ running: true, growthBytes: 49_152, thresholdBytes: 51_200 });
    expect(exposed.exposure.rows).toEqual([{ table: 'events', rows: 1 }]);
    expect(exposed.exposure.milliseconds).toBeGreaterThan(0);
    expect(await listed()).toHaveLength(1);
    write(48_500);
    await waitUntil('the snapshot', () => count(watching, 'snapshot') === 1, watching.child);
    expect((await status()).exposure).toEqual({ milliseconds: 0, bytes: 0, rows: [] });
    write(48_500);
    await looksMore(watching, 3);
    expect((await listed()).map(({ trigger }) => trigger)).toEqual(['growth', 'manual']);

    for (const pid of findProcessesIn(join(sample.root, 'codex-brain'))) process.kill(pid, 'SIGKILL');
    await waitUntil('the Brain is gone', async () => !(await isHealthy(sample.ports.brain)));
    await looksMore(watching, 3);
    expect(await listed()).toHaveLength(2);
    expect(count(watching, 'problem') + count(watching, 'failed')).toBe(0);

    await sample.startBrain();
    await post(5000);
    await looksMore(watching, 2);
    expect((await status()).exposure.rows).toEqual([{ table: 'events', rows: 2 }]);

    const { code, out } = await watching.end();
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, watch: { failures: 0, snapshots: [expect.any(String)] } });
    expect((await status()).watcher).toMatchObject({ running: false, nextLookAt: null });
  });

  test('one watcher per root: the second says who watches, and the first goes on', async () => {
    const watching = await startWatch();
    const { code, document } = await place.json(['watch', '--root', sample.root]);
    expect(code).toBe(4);
    expect(document).toMatchObject({ error: { code: 'busy', details: { holder: { pid: watching.child.pid } } } });
    await looksMore(watching, 1);
    expect((await watching.end()).code).toBe(0);
    const next = await startWatch();
    expect((await next.end()).code).toBe(0);
  });

  test('Ctrl-C in the middle of a snapshot ends the watch cleanly and leaves nothing behind', async () => {
    await sample.startBrain();
    const watching = await startWatch();
    await post(60_000);
    await waitUntil('a snapshot has begun', () => count(watching, 'begin') === 1, watching.child);
    const { code } = await watching.end();
    expect(code).toBe(0);
    const backups = join(sample.root, 'backups');
    const left = readdirSync(backups).filter((name) => name.startsWith('.partial-'));
    expect(left).toEqual([]);
    expect(count(watching, 'failed')).toBe(0);
  });
});
