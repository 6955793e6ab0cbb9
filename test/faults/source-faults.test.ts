import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startWriter } from '../helpers/writer-process.ts';
import { brainPath, createFaultPlace, type FaultPlace, ledgerPath, snapshotNames } from './support/fault-place.ts';
import { errorOf, snapshotOf } from './support/json-ending.ts';
import { giveToPlainUser, plainUser, whyNoPlainUser } from './support/plain-user.ts';

const runAs = (place: FaultPlace, ...args: string[]) => place.run(['run', '--json', ...args], plainUser);

describe.skipIf(whyNoPlainUser)(`as a user who is not root${whyNoPlainUser ? ` (${whyNoPlainUser})` : ''}`, () => {
  test('B28: a file and a folder that can never be read make every snapshot incomplete, and nothing else', async () => {
    const place = createFaultPlace();
    writeFileSync(join(place.root, 'codex-voice/secret.bin'), randomBytes(5000));
    mkdirSync(join(place.root, 'codex-voice/closed'));
    writeFileSync(join(place.root, 'codex-voice/closed/inner'), 'x');
    giveToPlainUser(place.folder);
    chmodSync(join(place.root, 'codex-voice/secret.bin'), 0);
    chmodSync(join(place.root, 'codex-voice/closed'), 0);
    onTestFinished(() => chmodSync(join(place.root, 'codex-voice/closed'), 0o700));
    const skipped = ['codex-voice/closed', 'codex-voice/secret.bin'];

    for (const round of [1, 2, 3]) {
      if (round === 3) appendFileSync(join(place.root, 'codex-bridge/package.json'), '\n');
      const ending = await runAs(place);
      const snapshot = snapshotOf(ending);
      expect(ending.code).toBe(3);
      expect(snapshot.status).toBe('incomplete');
      expect(snapshot.brain.integrity).toBe('ok');
      expect(snapshot.skipped.map(({ path }) => path).toSorted()).toEqual(skipped);
      if (round === 2)
        expect(snapshot.code).toMatchObject({ linked: true, packs: { reused: snapshot.code.packs.total } });
    }
    const verified = await place.run(['verify', '--all', '--json'], plainUser);
    expect(verified.code, verified.out).toBe(0);
    const status: { baseline: string } = JSON.parse((await place.run(['status', '--json'], plainUser)).out);
    expect(JSON.stringify(status)).toContain(snapshotNames(place.backups).at(-1));
  });

  test('a database that can never be read is named, whether git ignores it or not', async () => {
    const place = createFaultPlace();
    const ignored = 'codex-voice/node.sqlite';
    writeFileSync(join(place.root, ignored), readFileSync(join(place.root, ledgerPath)));
    writeFileSync(join(place.root, 'codex-voice/.gitignore'), '*.sqlite\n');
    giveToPlainUser(place.folder);
    chmodSync(join(place.root, ignored), 0);
    chmodSync(join(place.root, ledgerPath), 0);
    for (const _round of [1, 2]) {
      const ending = await runAs(place);
      expect(ending.code, ending.out).toBe(3);
      expect(
        snapshotOf(ending)
          .skipped.map(({ path }) => path)
          .toSorted(),
      ).toEqual([ledgerPath, ignored].toSorted());
    }
  });

  test('a database that could be read once and can not be any more is named', async () => {
    const place = createFaultPlace();
    giveToPlainUser(place.folder);
    expect((await runAs(place)).code).toBe(0);
    chmodSync(join(place.root, ledgerPath), 0);
    const ending = await runAs(place);
    expect(ending.code, ending.out).toBe(3);
    expect(snapshotOf(ending).skipped).toMatchObject([{ path: ledgerPath, reason: 'unreadable' }]);
  });

  test('a Brain that may not be read is told as that', async () => {
    const place = createFaultPlace();
    giveToPlainUser(place.folder);
    chmodSync(join(place.root, brainPath), 0);
    const ending = await runAs(place);
    expect(ending.code).toBe(1);
    expect(errorOf(ending)).toMatchObject({ code: 'brain-unreadable', message: expect.stringContaining(brainPath) });
  });

  test('a Codex folder that may not be entered is told as that, and not as a fault of the backups', async () => {
    const place = createFaultPlace();
    giveToPlainUser(place.folder);
    const backups = join(place.folder, 'elsewhere');
    mkdirSync(backups);
    giveToPlainUser(backups);
    chmodSync(place.root, 0);
    onTestFinished(() => chmodSync(place.root, 0o700));
    const ending = await place.run(['run', '--json', '--backups', backups], plainUser);
    expect(ending.code).not.toBe(0);
    const { message } = errorOf(ending);
    expect(message).toContain(place.root);
    expect(message).not.toContain(backups);
  });

  test('C41: a backups folder that may not be written is told once, with what to do', async () => {
    const place = createFaultPlace();
    giveToPlainUser(place.folder);
    expect((await runAs(place)).code).toBe(0);
    for (const closed of [place.backups, join(place.backups, '.meta'), join(place.backups, '.locks')]) {
      chmodSync(closed, 0o555);
      const ending = await runAs(place);
      chmodSync(closed, 0o700);
      if (closed !== place.backups) {
        expect(ending.code, 'neither a record nor a new lock file is needed for a snapshot').toBe(0);
        continue;
      }
      expect(ending.code).toBe(1);
      const { code, message, hint } = errorOf(ending);
      expect(code).toBe('backups-unwritable');
      expect(message).toContain(closed);
      expect(hint).toMatch(/permissions/);
    }
    const snapshots = snapshotNames(place.backups);
    chmodSync(place.backups, 0o555);
    for (const args of [
      ['list'],
      ['verify', '--all'],
      ['files', 'latest'],
      ['cat', 'latest', 'package.json'],
      ['status'],
    ]) {
      const ending = await place.run(args, plainUser);
      expect(ending.code, `${args.join(' ')}: ${ending.err}`).toBe(0);
    }
    chmodSync(place.backups, 0o700);
    expect(snapshotNames(place.backups)).toEqual(snapshots);
  });
});

test('a folder of the include list that vanished is no failure, and its files are no longer in the snapshot', async () => {
  const place = createFaultPlace();
  const engine = place.engine();
  onTestFinished(() => engine.close());
  await engine.run({ trigger: 'manual' });
  rmSync(join(place.root, 'codex-bridge'), { recursive: true });
  const snapshot = await engine.run({ trigger: 'manual' });
  expect(snapshot.status).toBe('verified');
  const paths = (await engine.files(snapshot.id)).map(({ path }) => path);
  expect(paths.filter((path) => path.startsWith('codex-bridge'))).toEqual([]);
  expect(paths).toContain('codex-brain/src/index.js');
});

test('a database that can not be copied is named, and the snapshot without it verifies', async () => {
  const place = createFaultPlace();
  writeFileSync(join(place.root, ledgerPath), `SQLite format 3\0${'garbage '.repeat(2000)}`);
  const engine = place.engine();
  onTestFinished(() => engine.close());
  const snapshot = await engine.run({ trigger: 'manual' });
  expect(snapshot.status).toBe('incomplete');
  expect(snapshot.skipped.map(({ path }) => path)).toEqual([ledgerPath]);
  expect((await engine.verify([snapshot.id])).flatMap(({ problems }) => problems)).toEqual([]);
});

test('B36: a backups folder inside an included folder is left out of the code', async () => {
  const place = createFaultPlace();
  const backups = join(place.root, 'codex-bridge/my backups');
  const engine = place.engine({ backups });
  onTestFinished(() => engine.close());
  for (const _round of [1, 2]) await engine.run({ trigger: 'manual' });
  const paths = (await engine.files('latest')).map(({ path }) => path);
  expect(paths.filter((path) => path.includes('my backups'))).toEqual([]);
  const [second] = await engine.list();
  expect(second?.code?.linked).toBe(true);
  expect(second?.databases.map(({ path }) => path)).toEqual([ledgerPath]);
});

test('B36: a backups folder around the code is refused, also by another name for it', async () => {
  const place = createFaultPlace();
  const link = join(place.folder, 'link');
  symlinkSync(place.root, link);
  for (const backups of [place.root, join(place.root, 'codex-bridge'), place.folder, link, join(link, 'codex-brain')]) {
    const ending = await place.run(['run', '--json', '--backups', backups]);
    expect(ending.code, backups).toBe(2);
    expect(errorOf(ending).code).toBe('backups-around-code');
  }
});

test('a backups folder that can never be made is refused at once: behind a file, and where the system makes none', async () => {
  const place = createFaultPlace();
  const file = join(place.root, '.gitignore');
  const places = [file, join(file, 'backups'), ...(existsSync('/proc/self') ? ['/proc/codex/backups'] : [])];
  for (const backups of places) {
    const ending = await place.run(['run', '--json', '--backups', backups]);
    expect(ending.code, backups).toBe(1);
    const { code, message, hint } = errorOf(ending);
    expect(code, message).toBe(backups.startsWith('/proc') ? 'io' : 'backups-unwritable');
    expect(message).toContain(backups.startsWith('/proc') ? '/proc/codex' : file);
    expect(hint).not.toBe('');
  }
});

test('no Codex folder and no Brain end with exit code 5', async () => {
  const place = createFaultPlace();
  rmSync(join(place.root, brainPath));
  const noBrain = await place.run(['run', '--json']);
  expect([noBrain.code, errorOf(noBrain).code]).toEqual([5, 'brain-missing']);
  renameSync(place.root, join(place.folder, 'gone'));
  const noRoot = await place.run(['run', '--json']);
  expect([noRoot.code, errorOf(noRoot).code]).toEqual([5, 'root-missing']);
});

/** What can be wrong with a Brain, by the code of the message that it must give. */
const brainFaults: Record<string, (brain: string) => Promise<void>> = {
  'brain-missing': async (brain) => rmSync(brain),
  'brain-empty': async (brain) => writeFileSync(brain, ''),
  'brain-not-sqlite': async (brain) => writeFileSync(brain, 'this is no database\n'.repeat(400)),
  'brain-encrypted': async (brain) => writeFileSync(brain, randomBytes(40_960)),
  'brain-locked': async (brain) => {
    const writer = await startWriter({ file: brain, journalMode: 'delete', task: 'hold-exclusive' });
    onTestFinished(() => writer.kill());
  },
};

test('A12: five unusable Brains give five different messages, and no snapshot', { timeout: 60_000 }, async () => {
  const place = createFaultPlace();
  const brain = join(place.root, brainPath);
  const sound = readFileSync(brain);
  const messages = new Set<string>();
  for (const [code, damage] of Object.entries(brainFaults)) {
    writeFileSync(brain, sound);
    await damage(brain);
    const ending = await place.run(['run', '--json']);
    const error = errorOf(ending);
    expect(error.code).toBe(code);
    expect(error.message).toContain('codex-brain.db');
    expect(ending.code).toBe(code === 'brain-missing' ? 5 : 1);
    messages.add(error.message);
  }
  expect(messages.size).toBe(5);
  expect(snapshotNames(place.backups)).toEqual([]);
});

test('A13: a corrupt Brain is saved as incomplete, told loudly, and is no baseline', async () => {
  const place = createFaultPlace();
  const first = snapshotOf(await place.run(['run', '--json']));
  const brain = join(place.root, brainPath);
  corruptPages(brain);
  const ending = await place.run(['run', '--json']);
  const snapshot = snapshotOf(ending);
  expect(ending.code).toBe(3);
  expect(snapshot.status).toBe('incomplete');
  expect(snapshot.brain.integrity).not.toBe('ok');
  expect(snapshot.warnings.map(({ code }) => code)).toContain('database-corrupt');
  const spoken = await place.run(['run']);
  expect(spoken.code).toBe(3);
  expect(spoken.out).toMatch(/corrupt/);
  const status = await place.run(['status', '--json']);
  expect(JSON.parse(status.out)).toMatchObject({ status: { baseline: first.id } });
  const verified = await place.run(['verify', snapshot.id, '--json']);
  expect(verified.out).toContain('incomplete');
  const removed = await place.run(['remove', first.id, '--yes', '--json']);
  expect(errorOf(removed).code).toBe('snapshot-protected');
});

/** Overwrites the middle of a table's pages, and proves that SQLite notices. */
function corruptPages(file: string): void {
  const { size } = statSync(file);
  const fd = openSync(file, 'r+');
  for (let offset = 8192; offset + 4096 <= size; offset += 8192) writeSync(fd, randomBytes(512), 0, 512, offset);
  closeSync(fd);
  const db = new Database(file, { readonly: true });
  const integrity = readIntegrity(db);
  db.close();
  expect(integrity).not.toBe('ok');
}

function readIntegrity(db: Database.Database): unknown {
  try {
    return db.pragma('integrity_check(1)', { simple: true });
  } catch (error) {
    return error;
  }
}
