import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { endingOf } from '../cli/support/spawn-cli.ts';
import { waitUntil } from '../helpers/sample.ts';
import { createFaultPlace, type FaultPlace, leftOvers, snapshotNames } from './support/fault-place.ts';
import { errorOf } from './support/json-ending.ts';

const yearMs = 365 * 24 * 60 * 60 * 1000;

/** A folder that stands for the mount point of a backups disk. */
function mountPoint(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'codex-backup-disk-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('C45: an empty mount point in place of the backups disk is refused by every command, and not filled', async () => {
  const disk = mountPoint();
  const place = createFaultPlace({ backups: disk });
  expect((await place.run(['run', '--quiet'])).code).toBe(0);
  renameSync(disk, `${disk}.unplugged`);
  onTestFinished(() => rmSync(`${disk}.unplugged`, { recursive: true, force: true }));
  mkdirSync(disk);
  for (const args of [
    ['run'],
    ['run', '--trigger', 'growth'],
    ['pin', 'latest'],
    ['verify', '--all'],
    ['remove', 'latest', '--yes'],
    ['prune', '--keep-last', '1', '--dry-run'],
    ['list'],
    ['files', 'latest'],
    ['diff', 'latest', 'now'],
    ['search', 'anything'],
    ['drill'],
    ['restore', 'latest', '--dry-run'],
  ]) {
    const ending = await place.run([...args, '--json']);
    expect(ending.code, args.join(' ')).toBe(5);
    expect(errorOf(ending)).toMatchObject({ code: 'backups-missing', hint: expect.stringMatching(/[Cc]onnect/) });
    expect(readdirSync(disk), args.join(' ')).toEqual([]);
  }
  const status = JSON.parse((await place.run(['status', '--json'])).out);
  expect(status.status.state).toBe('failed');
  expect(status.status.reasons[0].hint).toContain('disk');
  rmSync(disk, { recursive: true });
  expect(errorOf(await place.run(['run', '--json'])).code).toBe('backups-missing');
  expect(existsSync(disk)).toBe(false);
  renameSync(`${disk}.unplugged`, disk);
  expect((await place.run(['run', '--quiet'])).code).toBe(0);
  expect(snapshotNames(disk)).toHaveLength(2);
});

test('C45: a new disk is taken once the user says so', async () => {
  const disk = mountPoint();
  const place = createFaultPlace({ backups: disk });
  expect((await place.run(['run', '--quiet'])).code).toBe(0);
  for (const name of readdirSync(disk)) rmSync(join(disk, name), { recursive: true });
  expect((await place.run(['run', '--quiet'])).code).toBe(5);
  expect((await place.run(['settings', 'backups', disk])).code).toBe(0);
  expect((await place.run(['run', '--quiet'])).code).toBe(0);
});

test('C56: a damaged note of the folders in the app home is kept aside, and costs no snapshot', async () => {
  const place = createFaultPlace();
  expect((await place.run(['run', '--quiet'])).code).toBe(0);
  const file = join(place.home, 'backups-folders.json');
  for (const text of ['', '{ "cut', '[]]', 'null']) {
    writeFileSync(file, text);
    const ending = await place.run(['run', '--json']);
    expect(ending.code, ending.out).toBe(0);
    expect(readFileSync(`${file}.damaged`, 'utf8')).toBe(text);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty([place.backups]);
  }
});

test('C50, C51: snapshots keep their order when the clock jumps, stands still, or repeats an hour', async () => {
  const place = createFaultPlace();
  const start = Date.parse('2025-10-26T00:30:00.000Z');
  const times = [0, 0, 0, -3_600_000, -yearMs, 10 * yearMs, -1, 3_600_000].map((jump) => start + jump);
  const made: string[] = [];
  for (const time of times) {
    const engine = place.engine({ clock: { now: () => time } });
    const snapshot = await engine.run({ trigger: 'manual' });
    await engine.close();
    expect(snapshot.durationMs).toBeGreaterThanOrEqual(0);
    made.unshift(snapshot.id);
  }
  expect(new Set(made).size).toBe(times.length);
  const engine = place.engine();
  onTestFinished(() => engine.close());
  expect((await engine.list()).map(({ id }) => id)).toEqual(made);
  expect((await engine.show('latest')).id).toBe(made[0]);
  const status = await engine.status();
  expect(status.baseline).toBe(made[0]);
  expect(status.exposure?.milliseconds ?? 0).toBeGreaterThanOrEqual(0);
  expect((await engine.verify([])).flatMap(({ problems }) => problems)).toEqual([]);
});

test('C51: a clock that runs backwards while a snapshot is taken hurts nothing', async () => {
  const place = createFaultPlace();
  let now = Date.now();
  const engine = place.engine({
    clock: {
      now: () => {
        now -= 3_600_000;
        return now;
      },
    },
  });
  onTestFinished(() => engine.close());
  const snapshot = await engine.run({ trigger: 'manual' });
  expect(snapshot.status).toBe('verified');
  expect(snapshot.durationMs).toBeGreaterThanOrEqual(0);
});

test.for(['000', '077'])('B38: a snapshot is private whatever the umask is: %s', async (umask) => {
  const place = createFaultPlace();
  const wrapper = ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh'];
  for (const args of [['run'], ['pin', 'latest'], ['verify', '--all'], ['run']]) {
    expect((await place.run(args, { wrapper })).code).toBe(0);
  }
  const open = readdirSync(place.backups, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => (statSync(path).mode & 0o777) !== (lstatSync(path).isDirectory() ? 0o700 : 0o600));
  expect(open).toEqual([]);
  expect(statSync(place.backups).mode & 0o077).toBe(0);
});

/** Things of the user's in the backups folder, some of them with names that look like ours. */
function addForeign(backups: string, canary: string): Map<string, string> {
  mkdirSync(join(backups, 'my photos/2025'), { recursive: true });
  mkdirSync(join(backups, 'codex-backup-notes'));
  mkdirSync(join(backups, 'codex-backup-2025-01-01'));
  symlinkSync(canary, join(backups, 'link'));
  symlinkSync(canary, join(backups, 'codex-backup-2025-01-01T00-00-00-000Z'));
  const files = [
    'notes.txt',
    'my photos/2025/a.jpg',
    'codex-backup-notes/x',
    '.hidden',
    'codex-backup-2025-01-02T00-00-00-000Z',
  ];
  for (const file of files) writeFileSync(join(backups, file), file);
  return new Map(files.map((file) => [file, file]));
}

test('D59, D60: what is not ours in the backups folder is neither listed nor touched', async () => {
  const place = createFaultPlace();
  const canary = join(place.folder, 'canary');
  mkdirSync(canary);
  writeFileSync(join(canary, 'kept'), 'kept');
  mkdirSync(place.backups);
  const foreign = addForeign(place.backups, canary);
  const engine = place.engine();
  onTestFinished(() => engine.close());
  const first = await engine.run({ trigger: 'manual' });
  const second = await engine.run({ trigger: 'manual' });
  await engine.verify([]);
  await engine.remove(first.id);
  expect((await engine.list()).map(({ id }) => id)).toEqual([second.id]);
  for (const [file, content] of foreign) expect(readFileSync(join(place.backups, file), 'utf8')).toBe(content);
  expect(readFileSync(join(canary, 'kept'), 'utf8')).toBe('kept');
  expect(lstatSync(join(place.backups, 'link')).isSymbolicLink()).toBe(true);
});

test('C56: what an interrupted run left is swept by the next writer, even when it is not to be removed easily', async () => {
  const place = createFaultPlace();
  const engine = place.engine();
  onTestFinished(() => engine.close());
  await engine.run({ trigger: 'manual' });
  const stuck = join(place.backups, '.partial-codex-backup-2025-01-01T00-00-00-000Z-0badcafe');
  mkdirSync(join(stuck, 'databases/a/b'), { recursive: true });
  writeFileSync(join(stuck, 'databases/a/b/x.db'), 'x');
  writeFileSync(join(place.backups, '.meta/some.json.abc.tmp'), '{');
  mkdirSync(join(place.backups, '.trash-codex-backup-2025-01-01T00-00-00-000Z-0badcafe'));
  utimesSync(stuck, 0, 0);
  expect(leftOvers(place.backups)).toHaveLength(3);
  await engine.pin('latest', true);
  expect(leftOvers(place.backups)).toEqual([]);
});

test('D61: nothing can be removed while a reader is in the middle of a file', async () => {
  const { place, id } = await withTwoSnapshots();
  const engine = place.engine();
  onTestFinished(() => engine.close());
  const content = (await engine.cat(id, 'codex-voice/tone.txt'))[Symbol.asyncIterator]();
  expect((await content.next()).done).toBe(false);
  const refused = await place.run(['remove', id, '--yes', '--json']);
  expect(refused.code).toBe(4);
  expect(errorOf(refused).code).toBe('busy');
  expect(snapshotNames(place.backups)).toHaveLength(2);
  while (!(await content.next()).done);
  expect((await place.run(['remove', id, '--yes', '--json'])).code).toBe(0);
});

test('D61: a removal and a verification of one snapshot exclude each other', async () => {
  const { place, id } = await withTwoSnapshots();
  const held = join(place.folder, 'held');
  const verify = ['verify', id, '--json'];
  const remove = ['remove', id, '--yes', '--json'];
  for (const { first, point, second } of [
    { first: verify, point: 'check:begin', second: remove },
    { first: remove, point: 'remove:before', second: verify },
  ]) {
    const child = place.start(first, { environment: { CODEX_BACKUP_FAIL_POINT: `hold:${point}:${held}` } });
    const ending = endingOf(child);
    await waitUntil(`the other is at ${point}`, () => existsSync(held), child);
    const refused = await place.run(second);
    expect(refused.code, refused.out).toBe(4);
    expect(errorOf(refused).code).toBe('busy');
    expect(snapshotNames(place.backups)).toHaveLength(2);
    rmSync(held);
    expect((await ending).code).toBe(0);
  }
  expect(snapshotNames(place.backups)).toHaveLength(1);
  expect((await place.run(verify)).code).toBe(5);
});

async function withTwoSnapshots(): Promise<{ readonly place: FaultPlace; readonly id: string }> {
  const place = createFaultPlace();
  const engine = place.engine();
  const { id } = await engine.run({ trigger: 'manual' });
  await engine.run({ trigger: 'manual' });
  await engine.close();
  return { place, id };
}
