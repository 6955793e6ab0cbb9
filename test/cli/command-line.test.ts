import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSample } from '../../sample/create-sample.ts';
import { type CliPlace, createCliPlace, endingOf, launcher } from './support/spawn-cli.ts';

const snapshotKeys = [
  'id',
  'path',
  'createdAt',
  'sequence',
  'trigger',
  'status',
  'pinned',
  'note',
  'durationMs',
  'diskBytes',
  'brain',
  'databases',
  'code',
  'skipped',
  'warnings',
];
const codeKeys = ['file', 'bytes', 'sha256', 'files', 'rawBytes', 'packs', 'linked'];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The value at a path such as `snapshot.brain.tables.0.name`. */
function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

function keysAt(value: unknown, path: string): string[] {
  const inner = at(value, path);
  return isObject(inner) ? Object.keys(inner) : [];
}

function published(backups: string): string[] {
  return readdirSync(backups).filter((name) => name.startsWith('codex-backup-'));
}

describe('on a sample with two snapshots', () => {
  let place: CliPlace;
  let root: string;
  let first: Record<string, unknown>;
  let second: Record<string, unknown>;
  const folders = () => ['--root', root];

  beforeAll(async () => {
    place = createCliPlace();
    ({ root } = await createSample(join(place.folder, 'Codex')));
    first = (await place.json(['run', ...folders()])).document;
    writeFileSync(join(root, 'codex-bridge', 'src', 'new-route.ts'), 'export const route = 1;\n');
    appendFileSync(join(root, 'codex-brain', 'package.json'), '\n');
    const brain = new Database(join(root, 'codex-brain/codex-brain-data/codex-brain.db'));
    const insert = brain.prepare('INSERT INTO events (sessionId, kind, json, createdAt) VALUES (?, ?, ?, ?)');
    insert.run('s', 'TurnAppended', '{"text":"a quetzal on the balcony"}', '2025-11-22T03:00:00.000Z');
    brain.close();
    second = (await place.json(['run', '--trigger', 'growth', ...folders()])).document;
  });
  afterAll(() => place.dispose());

  const id = (document: unknown) => String(at(document, 'snapshot.id'));

  test('run --json gives the snapshot as the design says', () => {
    expect(Object.keys(first)).toEqual(['ok', 'snapshot']);
    expect(first['ok']).toBe(true);
    expect(keysAt(first, 'snapshot').toSorted()).toEqual(snapshotKeys.toSorted());
    expect(at(first, 'snapshot.status')).toBe('verified');
    expect(keysAt(first, 'snapshot.code').toSorted()).toEqual(codeKeys.toSorted());
    expect(keysAt(first, 'snapshot.brain')).toEqual(
      expect.arrayContaining(['file', 'bytes', 'sha256', 'tables', 'integrity']),
    );
    expect(keysAt(first, 'snapshot.brain.tables.0').toSorted()).toEqual(['maxRowid', 'name', 'rows']);
    expect(at(second, 'snapshot.trigger')).toBe('growth');
  });

  test('list gives the newest first, as a document and as a table', async () => {
    const { code, document } = await place.json(['list', ...folders()]);
    expect(code).toBe(0);
    expect(Object.keys(document)).toEqual(['ok', 'snapshots']);
    expect([at(document, 'snapshots.0.id'), at(document, 'snapshots.1.id')]).toEqual([id(second), id(first)]);
    expect(keysAt(document, 'snapshots.0').toSorted()).toEqual(snapshotKeys.toSorted());
    const { out, err } = await place.run(['list', ...folders()]);
    expect(err).toBe('');
    const lines = out.split('\n');
    expect(lines[1]).toMatch(new RegExp(`^${id(second)} .* growth +verified`));
    expect(lines[2]).toMatch(new RegExp(`^${id(first)} .* manual +verified`));
  });

  test('show gives everything of one snapshot', async () => {
    const { document } = await place.json(['show', 'latest', ...folders()]);
    expect(Object.keys(document)).toEqual(['ok', 'snapshot']);
    const detailKeys = 'host appVersion nodeVersion root parent include exclude gitCommit envFiles checks'.split(' ');
    expect(keysAt(document, 'snapshot').toSorted()).toEqual([...snapshotKeys, ...detailKeys].toSorted());
    const { out } = await place.run(['show', id(first), ...folders()]);
    expect(out).toContain(id(first));
    expect(out).toMatch(/integrity +ok/);
    expect(out).toMatch(/ROWS +LAST ROWID +TABLE/);
  });

  test('files and cat show the code archive; cat gives the exact bytes', async () => {
    const { document } = await place.json(['files', 'latest', 'codex-bridge', ...folders()]);
    expect(Object.keys(document)).toEqual(['ok', 'entries']);
    const entries = document['entries'];
    expect(
      Array.isArray(entries) && entries.some((entry) => at(entry, 'path') === 'codex-bridge/src/new-route.ts'),
    ).toBe(true);
    const { out } = await place.run(['files', 'latest', 'codex-bridge/src', ...folders()]);
    expect(out).toMatch(/^-rw.* 24 .* codex-bridge\/src\/new-route\.ts$/m);
    const content = await place.run(['cat', 'latest', 'codex-bridge/src/new-route.ts', ...folders()]);
    expect(content).toEqual({ code: 0, signal: null, out: 'export const route = 1;\n', err: '' });
    const missing = await place.json(['cat', 'latest', 'codex-bridge/nothing.ts', ...folders()].slice(0, 3));
    expect(missing.code).toBe(2);
    const gone = await place.run(['cat', 'latest', 'codex-bridge/nothing.ts', ...folders()]);
    expect(gone).toMatchObject({ code: 5, out: '' });
  });

  test('diff shows files by service and rows by table', async () => {
    const { document } = await place.json(['diff', id(first), id(second), ...folders()]);
    expect(keysAt(document, 'diff').toSorted()).toEqual(['code', 'databases', 'from', 'to']);
    const { code, out } = await place.run(['diff', id(first), 'latest', ...folders()]);
    expect(code).toBe(0);
    expect(out).toContain('codex-bridge: 1 added');
    expect(out).toContain('+ codex-bridge/src/new-route.ts');
    expect(out).toContain('~ codex-brain/package.json');
    expect(out).toMatch(/events: \d+ rows → \d+ rows \(1 made since\)/);
    expect((await place.run(['diff', 'latest', ...folders()])).out).toContain('Nothing changed.');
  });

  test('search finds a memory in the latest snapshot and not in the older one', async () => {
    const { document } = await place.json(['search', 'quetzal', ...folders()]);
    expect(Object.keys(document)).toEqual(['ok', 'hits', 'truncated']);
    expect(keysAt(document, 'hits.0').toSorted()).toEqual(
      ['column', 'createdAt', 'database', 'id', 'rowid', 'snippet', 'table'].toSorted(),
    );
    expect(at(document, 'hits.0.table')).toBe('events');
    const older = await place.run(['search', 'quetzal', '--in', id(first), ...folders()]);
    expect(older.out).toBe('"quetzal" was not found.\n');
  });

  test('verify reads all snapshots back', async () => {
    const { code, document } = await place.json(['verify', '--all', ...folders()]);
    expect(code).toBe(0);
    expect(Object.keys(document)).toEqual(['ok', 'results']);
    expect(keysAt(document, 'results.0').toSorted()).toEqual(['id', 'problems', 'status']);
    expect(at(document, 'results.length')).toBe(2);
  });

  test('status and doctor answer', async () => {
    const status = await place.json(['status', ...folders()]);
    expect(status.code).toBe(0);
    expect(keysAt(status.document, 'status').toSorted()).toEqual(
      'alarm backups baseline copies disk exposure holder last lastDrill reasons root snapshots spread state watcher'.split(
        ' ',
      ),
    );
    expect(at(status.document, 'status.snapshots')).toBe(2);
    const doctor = await place.json(['doctor', ...folders()]);
    expect(keysAt(doctor.document, 'report').toSorted()).toEqual(['coverage', 'findings']);
    expect((await place.run(['doctor', ...folders()])).out).toMatch(/^[✓!] /);
  });

  test('a snapshot that does not exist, and a prefix of two', async () => {
    expect((await place.json(['show', 'codex-backup-1999', ...folders()])).code).toBe(5);
    const ambiguous = await place.json(['show', 'codex-backup-', ...folders()]);
    expect(ambiguous.code).toBe(2);
    expect(at(ambiguous.document, 'error.code')).toBe('snapshot-ambiguous');
  });

  test('a command that cannot write its answer fails', () => {
    const command = `"${process.execPath}" "${launcher}" list --root "${root}" > /dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8', env: place.env });
    expect(stderr).toContain('error: Standard output can not be written: ');
    expect(status).toBe(1);
  });
});

describe('what changes things', () => {
  let place: CliPlace;
  let root: string;
  let backups: string;

  beforeEach(async () => {
    place = createCliPlace();
    ({ root } = await createSample(join(place.folder, 'Codex')));
    backups = join(root, 'backups');
  });
  afterEach(() => place.dispose());

  const withRoot = (...args: string[]) => [...args, '--root', root];

  test('pin, note, unpin and remove', async () => {
    await place.run(withRoot('run'));
    await place.run(withRoot('run'));
    const oldest = published(backups).toSorted()[0] ?? '';
    const pinned = await place.json(withRoot('pin', oldest));
    expect(Object.keys(pinned.document)).toEqual(['ok', 'snapshot']);
    expect(at(pinned.document, 'snapshot.pinned')).toBe(true);
    const noted = await place.run(withRoot('note', oldest, 'before the \u001b[31mmove'));
    expect(noted.out).toBe(`Noted on ${oldest}: before the \\u001b[31mmove\n`);
    expect((await place.run(withRoot('list'))).out).toContain('pinned');

    const refused = await place.json(withRoot('remove', oldest, '--yes'));
    expect(refused).toMatchObject({ code: 1, document: { ok: false, error: { code: 'snapshot-pinned' } } });
    await place.run(withRoot('unpin', oldest));
    const unsure = await place.run(withRoot('remove', oldest));
    expect(unsure.code).toBe(2);
    expect(published(backups)).toHaveLength(2);
    const removed = await place.json(withRoot('remove', oldest, '--yes'));
    expect(removed.document).toEqual({
      ok: true,
      removed: { id: oldest, freedBytes: expect.any(Number), alarm: null },
    });
    expect(published(backups)).toHaveLength(1);
  });

  test('a snapshot that was damaged does not verify, and its file is named', async () => {
    await place.run(withRoot('run'));
    const [id = ''] = published(backups);
    const brain = join(backups, id, 'codex-brain.db');
    const bytes = readFileSync(brain);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 0xff;
    writeFileSync(brain, bytes);
    const ending = await place.run(withRoot('verify'));
    expect(ending.code).toBe(3);
    expect(ending.out).toContain('codex-brain.db');
  });

  test('settings are shown, set, refused and reset', async () => {
    const shown = await place.json(['settings']);
    expect(Object.keys(shown.document)).toEqual(['ok', 'settings', 'file']);
    expect((await place.run(['settings', 'verify.rereadDays', '14'])).out).toBe('verify.rereadDays = 14\n');
    expect((await place.run(['settings', 'verify.rereadDays'])).out).toBe('14\n');
    expect((await place.run(['settings', 'verify.rereadDays', 'soon'])).code).toBe(2);
    expect((await place.run(['settings', 'root', 'Codex'])).out).toBe(`root = ${root}\n`);
    expect((await place.run(['list'])).code).toBe(0);
    expect((await place.run(['settings', 'verify.rereadDays', '--reset'])).out).toBe('verify.rereadDays = 7\n');
    expect((await place.run(['settings', '--reset'])).code).toBe(0);
  });

  test('C56: settings that can not be read stop a command, and stay until they are reset', async () => {
    const file = join(place.folder, 'app', 'settings.json');
    mkdirSync(join(place.folder, 'app'), { recursive: true });
    writeFileSync(file, '{ broken');
    const refused = await place.json(withRoot('list'));
    expect(refused).toMatchObject({ code: 2, document: { ok: false, error: { code: 'settings-invalid' } } });
    expect(readFileSync(file, 'utf8')).toBe('{ broken');
    const reset = await place.json(['settings', '--reset']);
    expect(reset.code).toBe(0);
    expect(readFileSync(String(reset.document['kept']), 'utf8')).toBe('{ broken');
    writeFileSync(file, '{ "version": 99 }');
    expect((await place.json(withRoot('list'))).document).toMatchObject({ error: { code: 'settings-newer' } });
  });

  test('link and unlink', async () => {
    const script = join(root, 'scripts', 'codexAutoBackup.js');
    const before = readFileSync(script, 'utf8');
    const linked = await place.json(withRoot('link'));
    expect(linked.document).toMatchObject({ ok: true, link: { state: 'linked' } });
    expect(keysAt(linked.document, 'link').toSorted()).toEqual(['kept', 'script', 'state']);
    expect(readFileSync(script, 'utf8')).not.toBe(before);
    expect((await place.run(withRoot('unlink'))).out).toContain('is the old script again');
    expect(readFileSync(script, 'utf8')).toBe(before);
  });

  test('Ctrl-C in the middle of a snapshot leaves nothing behind', async () => {
    const held = join(place.folder, 'held');
    const child = place.start(withRoot('run', '--json'), { CODEX_BACKUP_FAIL_POINT: `hold:snapshot:captured:${held}` });
    const ending = endingOf(child);
    await expect.poll(() => existsSync(held)).toBe(true);
    expect(readdirSync(backups).some((name) => name.startsWith('.partial-'))).toBe(true);
    child.kill('SIGINT');
    rmSync(held);
    const { code, out } = await ending;
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(code).toBe(130);
    expect(readdirSync(backups).filter((name) => name !== '.locks' && name !== '.meta')).toEqual([]);
  });

  test('C46: a second snapshot while one runs is busy', async () => {
    const held = join(place.folder, 'held');
    const child = place.start(withRoot('run'), { CODEX_BACKUP_FAIL_POINT: `hold:run:locked:${held}` });
    const ending = endingOf(child);
    await expect.poll(() => existsSync(held)).toBe(true);
    const second = await place.json(withRoot('run'));
    expect(second).toMatchObject({ code: 4, document: { ok: false, error: { code: 'busy' } } });
    rmSync(held);
    expect((await ending).code).toBe(0);
  });

  test('a large file goes through cat whole, stops when its reader leaves, and can be cancelled', async () => {
    const content = randomBytes(6_000_000);
    writeFileSync(join(root, 'codex-bridge', 'src', 'large.bin'), content);
    await place.run(withRoot('run'));
    const cat = withRoot('cat', 'latest', 'codex-bridge/src/large.bin');
    const shell = (rest: string) => {
      const words = [process.execPath, launcher, ...cat].map((word) => `'${word}'`).join(' ');
      return spawnSync('bash', ['-c', `${words} ${rest}`], { env: place.env, maxBuffer: 20_000_000 });
    };
    const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(sha256(shell('').stdout)).toBe(sha256(content));

    const early = shell('| head -c 10; echo "ended with $PIPESTATUS"');
    expect(early.stdout.subarray(10).toString()).toBe('ended with 0\n');
    expect(early.stderr.toString()).toBe('');

    const child = place.start(cat);
    const closed = new Promise((resolve) => child.on('exit', resolve));
    await new Promise((resolve) => child.stdout?.once('readable', resolve));
    child.kill('SIGINT');
    expect(await closed).toBe(130);
  });
});

describe('without anything prepared', () => {
  let place: CliPlace;
  beforeEach(() => {
    place = createCliPlace();
  });
  afterEach(() => place.dispose());

  test('no root anywhere ends with 5, and the message names all places', async () => {
    const { code, err } = await place.run(['run']);
    expect(code).toBe(5);
    for (const name of ['--root', 'CODEX_ROOT', 'settings', 'Codex']) expect(err).toContain(name);
    expect((await place.json(['list', '--root', 'nowhere'])).document).toMatchObject({
      error: { code: 'root-missing' },
    });
  });

  test('run --sample makes a sample and its snapshot, and sample refuses a folder that holds something', async () => {
    const { code, document } = await place.json(['run', '--sample']);
    expect(code).toBe(0);
    expect(Object.keys(document)).toEqual(['ok', 'snapshot', 'sample']);
    const root = String(at(document, 'sample.root'));
    expect((await place.json(['list', '--root', root])).document).toMatchObject({ ok: true, snapshots: [{}] });
    const archive = join(String(at(document, 'snapshot.path')), 'codex-code.tar.gz');
    const names = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).trimEnd().split('\n');
    expect(names).toContain('codex-brain/package.json');
    const ignored = /node_modules|(^|\/)dist\/|\.log$|\.env(\.local)?$|\.db|\.sqlite|(Local State|Cookies)$/;
    expect(names.filter((name) => ignored.test(name))).toEqual([]);
    const sources = readdirSync(root, { recursive: true }).map(String);
    expect(sources.filter((name) => ignored.test(name)).length, 'the sample holds none').toBeGreaterThan(20);
    const refused = await place.json(['sample', root]);
    expect(refused).toMatchObject({ code: 1, document: { error: { code: 'target-exists' } } });
    expect(await place.json(['sample', join(root, 'package.json')])).toMatchObject({
      code: 1,
      document: { error: { code: 'target-exists', message: expect.stringContaining('not an empty folder') } },
    });
    const made = await place.json(['sample', 'mine']);
    expect(at(made.document, 'sample.root')).toBe(join(place.folder, 'mine'));
  });

  test('run --sample that is cancelled leaves no sample behind', async () => {
    const held = join(place.folder, 'held');
    const hold = { CODEX_BACKUP_FAIL_POINT: `hold:snapshot:staged:${held}` };
    const child = place.start(['run', '--sample'], hold);
    const ending = endingOf(child);
    await expect.poll(() => existsSync(held)).toBe(true);
    const samples = () => readdirSync(place.folder).filter((name) => name.startsWith('codex-sample-'));
    expect(samples()).toHaveLength(1);
    child.kill('SIGTERM');
    rmSync(held);
    expect((await ending).code).toBe(130);
    expect(samples()).toEqual([]);
  });

  test('help and wrong usage load neither the engine nor a schema', async () => {
    const trace = async (args: readonly string[]) => {
      const { err } = await place.run(args, { NODE_DEBUG: 'esm', CODEX_BACKUP_BUNDLE: 'off' });
      return err;
    };
    for (const args of [['--help'], ['--version'], ['nonsense'], ['run', '--help']]) {
      const log = await trace(args);
      expect(log).toContain('src/cli/main.ts');
      // The version, and the folder that it is read from, are two small files that import nothing of the engine.
      expect(log).not.toMatch(
        /src\/engine\/(?!version|program-folder)|node_modules\/(zod|better-sqlite3|cli-progress)\//,
      );
    }
    expect(await trace(['list', '--root', '/nowhere'])).toContain('src/engine/index.ts');
  });
});
