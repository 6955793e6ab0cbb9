import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { rcloneNote, startRcloneServer, whyNoRclone } from '../helpers/rclone-server.ts';
import { isHealthy, killProcessesIn, waitUntil } from '../helpers/sample.ts';
import { createRunningSample } from './running-sample.ts';

const brainFile = 'codex-brain/codex-brain-data/codex-brain.db';

function remember(root: string, count: number): void {
  const db = new Database(join(root, brainFile));
  const insert = db.prepare(
    "INSERT INTO events (sessionId, kind, json, createdAt) VALUES ('s', 'TurnAppended', '{}', ?)",
  );
  for (let index = 0; index < count; index += 1) insert.run(new Date().toISOString());
  db.close();
}

function countEvents(root: string): number {
  const db = new Database(join(root, brainFile), { readonly: true });
  try {
    return Number(db.prepare('SELECT count(*) FROM events').pluck().get());
  } finally {
    db.close();
  }
}

test.skipIf(whyNoRclone)(
  `the Mac is gone: from an encrypted copy alone, a running Codex with the newest rows is built on a new one${rcloneNote}`,
  { timeout: 180_000 },
  async () => {
    const running = await createRunningSample({ start: false });
    onTestFinished(running.dispose);
    const { sample, place, run } = running;
    const server = await startRcloneServer(place.folder, 'webdav');
    onTestFinished(() => server.stop());
    const cloud = { name: 'cloud', kind: 'rclone', remote: 'vault:codex', config: server.config };
    expect((await place.run(['settings', 'copies', JSON.stringify([cloud])])).code).toBe(0);
    // As the first run asks: the sample's ports are in a file that nothing covers by itself.
    expect((await run('doctor', '--add-all')).code).toBe(0);
    for (const count of [3, 4, 5]) {
      remember(sample.root, count);
      expect((await run('run')).code).toBe(0);
    }
    const newest = running.events();
    const copied = await run('copy', 'cloud', '--json');
    expect(JSON.parse(copied.out).copy, copied.out).toMatchObject({ snapshots: 3 });
    for (const folder of [sample.root, join(place.folder, 'app')]) rmSync(folder, { recursive: true });

    const base = join(place.folder, 'new-mac');
    mkdirSync(base);
    const root = join(base, 'Codex');
    onTestFinished(() => killProcessesIn(base));
    const environment = {
      ...running.env,
      CODEX_ROOT: root,
      CODEX_BACKUP_HOME: join(base, 'app'),
      RCLONE_CONFIG: server.config,
    };
    const onNewMac = (...args: readonly string[]) => place.run(args, environment);
    const adopted = await onNewMac('adopt', 'vault:codex');
    expect(adopted.code, adopted.err).toBe(0);
    expect(adopted.out).toContain('3 snapshots found');
    const list = JSON.parse((await onNewMac('list', '--json')).out);
    expect(list.snapshots.map(({ status }: { status: string }) => status)).toEqual([
      'verified',
      'verified',
      'verified',
    ]);
    const restored = await onNewMac('restore', 'latest', '--only', 'full', '--yes');
    expect(restored.code, restored.err + restored.out).toBe(0);
    for (const port of [sample.ports.brain, sample.ports.bridge, sample.ports.hands]) {
      // The new machine has no health addresses in its settings yet, so the restore does not wait for them.
      await waitUntil(`a service answers on ${port}`, () => isHealthy(port));
    }
    expect(countEvents(root)).toBe(newest);
    expect(existsSync(join(root, 'codex-hands/src/index.js'))).toBe(true);

    // Life goes on: the copy is one of the new machine, and gets its snapshots.
    expect((await onNewMac('run')).code).toBe(0);
    const again = await onNewMac('copy', 'adopted', '--json');
    expect(JSON.parse(again.out), again.out).toMatchObject({
      ok: true,
      copy: { added: [expect.any(String)] },
    });
  },
);
