import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Engine, EngineOptions } from '../../../src/engine/index.ts';
import { createFaultPlace, type FaultPlace, snapshotNames } from '../../faults/support/fault-place.ts';
import { fingerprint } from '../../faults/support/fingerprint.ts';
import { type SnapshotStock, setCopies, takeStock } from '../../helpers/copy-place.ts';
import {
  type RcloneServer,
  rcloneNote,
  serverPassword,
  startRcloneServer,
  vaultPassword,
  whyNoRclone,
} from '../../helpers/rclone-server.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

let stock: SnapshotStock;
let webdav: RcloneServer;
let sftp: RcloneServer;
const base = mkdtempSync(join(realpathSync(tmpdir()), 'codex-backup-rclone-'));
beforeAll(async () => {
  if (whyNoRclone !== undefined) return;
  for (const name of ['stock', 'webdav', 'sftp']) mkdirSync(join(base, name));
  [stock, webdav, sftp] = await Promise.all([
    takeStock(join(base, 'stock')),
    startRcloneServer(join(base, 'webdav'), 'webdav'),
    startRcloneServer(join(base, 'sftp'), 'sftp'),
  ]);
});
afterAll(async () => {
  await webdav?.stop();
  await sftp?.stop();
  rmSync(base, { recursive: true, force: true });
});

interface RemotePlace {
  readonly place: FaultPlace;
  readonly engine: Engine;
  readonly logged: string[];
  save(): string;
}

let lastNumber = 0;
/** A folder of the running test's own on the server. */
const ownFolder = (): string => {
  lastNumber += 1;
  return `copy-${lastNumber}`;
};

function prepare(
  remote: string,
  config: string,
  others: Readonly<Record<string, unknown>> = {},
  env: NodeJS.ProcessEnv = {},
): RemotePlace {
  const place = createFaultPlace();
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const options: EngineOptions = {
    env: { PATH: process.env['PATH'], HOME: place.folder, ...env },
    logger: { debug: log, info: log, warn: log, error: log },
  };
  const engine = place.engine(options);
  onTestFinished(() => engine.close());
  setCopies(place.home, [{ name: 'cloud', kind: 'rclone', remote, config, ...others }]);
  return { place, engine, logged, save: stock.bring(place) };
}

/** A server keeps its files with modes of its own. */
const contentOf = (folder: string) =>
  new Map([...fingerprint(folder)].map(([path, value]) => [path.slice(folder.length), value.replace(/^\d+ /, '')]));

const stateOf = async (engine: Engine) => (await engine.copies())[0];

const remotes = [
  { name: 'WebDAV', server: () => webdav, remote: 'plain', links: true },
  { name: 'SFTP', server: () => sftp, remote: 'plain', links: false },
  { name: 'crypt over WebDAV', server: () => webdav, remote: 'vault', links: true },
] as const;

describe.skipIf(whyNoRclone)(`a copy by rclone${rcloneNote}`, () => {
  test.for(remotes)(
    'on $name gets what it lacks, is proved, and comes back to the byte',
    async ({ server, remote, links }) => {
      const { place, engine, save } = prepare(`${remote}:${ownFolder()}`, server().config);
      const first = save();
      const { sentBytes, added } = await engine.copy('cloud');
      expect(added).toEqual([first]);
      const second = save();
      expect((await stateOf(engine))?.state).toBe('behind');
      const again = await engine.copy('cloud');
      expect(again.added).toEqual([second]);
      // Where the remote copies on its own side, what is there already does not travel.
      if (links) expect(again.sentBytes).toBeLessThan(sentBytes / 10);
      expect(again.linkedBytes > 0).toBe(links);
      expect(await stateOf(engine)).toMatchObject({ state: 'in step', snapshots: 2, isSafeToRemove: false });
      expect((await engine.listCopy('cloud')).map(({ id, status }) => [id, status])).toEqual([
        [second, 'verified'],
        [first, 'verified'],
      ]);
      const before = fingerprint(place.backups);
      rmSync(join(place.backups, first), { recursive: true });
      await engine.fetchSnapshot('cloud', first);
      expect(fingerprint(place.backups)).toEqual(before);
    },
  );

  test('where nothing can be renamed or copied there, the manifest marks what is whole', async () => {
    const folder = ownFolder();
    const env = { RCLONE_DISABLE: 'DirMove,Move,Copy' };
    const { place, engine, save } = prepare(`plain:${folder}`, webdav.config, {}, env);
    const id = save();
    await engine.copy('cloud');
    const there = join(webdav.folder, folder);
    expect(contentOf(there)).toEqual(contentOf(place.backups));
    // By the server, which keeps what it has listed.
    execFileSync('rclone', ['--config', webdav.config, 'deletefile', `plain:${folder}/${id}/manifest.json`]);
    expect(await engine.listCopy('cloud')).toEqual([]);
    const { added, sentBytes } = await engine.copy('cloud');
    expect([added, sentBytes]).toEqual([[id], 0]);
  });

  test.for([['DirMove,Move'], ['DirMove,Move,Copy']])(
    'without %s there, a snapshot of v1.5 that somebody has put beside stays, and what nobody wants any more goes',
    async ([disabled]) => {
      const folder = ownFolder();
      const env = { RCLONE_DISABLE: disabled };
      const { place, engine, save } = prepare(`plain:${folder}`, webdav.config, {}, env);
      const there = join(webdav.folder, folder);
      const [legacy, unwanted] = ['2025-11-22T03-35-57-396Z', '2025-11-23T03-35-57-396Z'].map((time) =>
        join(there, `codex-backup-${time}`),
      );
      for (const path of [legacy, unwanted]) {
        mkdirSync(path ?? '', { recursive: true });
        writeFileSync(join(path ?? '', 'codex-brain.db'), 'all memories of that year');
      }
      writeFileSync(join(unwanted ?? '', 'RESTORE.txt'), 'begun, and never ended');
      save();
      await engine.copy('cloud');
      save();
      await engine.copy('cloud');
      expect(readFileSync(join(legacy ?? '', 'codex-brain.db'), 'utf8')).toBe('all memories of that year');
      rmSync(legacy ?? '', { recursive: true });
      expect(contentOf(there)).toEqual(contentOf(place.backups));
    },
  );

  test('sends what had arrived wrong again, and nothing else', async () => {
    const folder = ownFolder();
    const { place, engine, save } = prepare(`plain:${folder}`, webdav.config);
    const id = save();
    const incoming = join(webdav.folder, folder, `.incoming-${id}`);
    mkdirSync(join(incoming, 'databases'), { recursive: true });
    for (const name of ['codex-code.tar.gz', 'codex-brain.db']) {
      const content = readFileSync(join(place.backups, id, name));
      if (name === 'codex-brain.db') content.write('rot', 5000);
      writeFileSync(join(incoming, name), content);
    }
    const { sentBytes } = await engine.copy('cloud');
    const { brain, code, databases } = await engine.show(id);
    expect(sentBytes).toBeGreaterThan(brain?.bytes ?? 0);
    expect(sentBytes).toBeLessThan((brain?.bytes ?? 0) + (databases[0]?.bytes ?? 0) + (code?.bytes ?? 0));
    expect(contentOf(join(webdav.folder, folder))).toEqual(contentOf(place.backups));
  });

  test('has a retention of its own, takes pins along, and keeps to it', async () => {
    const { engine, save } = prepare(`plain:${ownFolder()}`, webdav.config, { retention: { keepLast: 1 } });
    const oldest = save();
    await engine.pin(oldest, true);
    await engine.copy('cloud');
    const second = save();
    await engine.copy('cloud');
    const third = save();
    expect((await engine.copy('cloud')).removed).toEqual([second]);
    expect((await engine.listCopy('cloud')).map(({ id, pinned }) => [id, pinned])).toEqual([
      [third, false],
      [oldest, true],
    ]);
  });

  test('with an encrypted remote, the server has neither a name nor a byte of it', async () => {
    const folder = ownFolder();
    const { engine, save } = prepare(`vault:${folder}`, webdav.config);
    save();
    await engine.copy('cloud');
    const names = readdirSync(join(webdav.folder, 'vault'), { recursive: true, encoding: 'utf8' });
    expect(names.length).toBeGreaterThan(5);
    expect(names.join('\n')).not.toMatch(/codex|brain|manifest/);
  });

  test.for(['copy:sent', 'copy:proved', 'copy:flushed', 'copy:published', 'copy:linked'])(
    'C43: killed at %s, it shows whole snapshots only, and goes on without sending again what arrived',
    async (step) => {
      const { place, engine, save } = prepare(`plain:${ownFolder()}`, webdav.config);
      const ids = step === 'copy:linked' ? [save(), save()] : [save()];
      const environment = { CODEX_BACKUP_FAIL_POINT: `kill:${step}` };
      const { signal, err } = await place.run(['copy', 'cloud', '--quiet'], { environment });
      expect(signal, err).toBe('SIGKILL');
      const isPublished = step === 'copy:published' || step === 'copy:linked';
      const listed = await engine.listCopy('cloud');
      expect(listed.map(({ id, status }) => [id, status])).toEqual(isPublished ? [[ids.at(-1), 'verified']] : []);
      const { sentBytes } = await engine.copy('cloud');
      // All had arrived but RESTORE.txt of the second, which nothing could be linked to.
      expect(sentBytes).toBeLessThan(step === 'copy:linked' ? 5000 : 1);
      expect((await engine.listCopy('cloud')).map(({ id }) => id)).toEqual(ids.toReversed());
    },
  );

  test('cancelled, it says so, and the next run is whole', async () => {
    const { place, engine, save } = prepare(`plain:${ownFolder()}`, sftp.config);
    save();
    expect((await engine.testCopy('cloud')).isNew).toBe(true);
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    await expect(engine.copy('cloud', { signal: controller.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(await engine.listCopy('cloud')).toEqual([]);
    await engine.copy('cloud');
    expect((await engine.listCopy('cloud')).map(({ id }) => id)).toEqual(snapshotNames(place.backups));
  });
});

describe.skipIf(whyNoRclone)(`what goes wrong with rclone${rcloneNote}`, () => {
  const copyWith = async (remote: string, config: string, env: NodeJS.ProcessEnv = {}) => {
    const { engine, save, logged, place } = prepare(remote, config, {}, env);
    save();
    const error = await engine.copy('cloud').then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return { error, engine, logged, place };
  };

  test.for([
    ['WebDAV', () => webdav],
    ['SFTP', () => sftp],
  ] as const)('a wrong password of %s is told as that, and no secret is in any text', async ([_name, server]) => {
    const { obscure } = await import('../../helpers/rclone-server.ts');
    const config = server().otherConfig('wrong.conf', { pass: obscure('not-the-password') });
    const { error, engine, logged, place } = await copyWith('plain:x', config);
    expect(error).toMatchObject({ code: 'copy-login', hint: expect.stringContaining('rclone config') });
    const told = JSON.stringify([
      error,
      await engine.copies(),
      await engine.activity(),
      await engine.settings(),
      logged,
    ]);
    const kept = readFileSync(join(place.home, 'copies/cloud/state.json'), 'utf8');
    for (const secret of [serverPassword, vaultPassword, 'not-the-password', obscure('not-the-password')]) {
      expect(told + kept).not.toContain(secret);
    }
  });

  test('another password of an encrypted remote is not taken for an empty one, and nothing is written', async () => {
    const { obscure } = await import('../../helpers/rclone-server.ts');
    const folder = ownFolder();
    const { engine, save } = prepare(`vault:${folder}`, webdav.config);
    save();
    await engine.copy('cloud');
    const config = webdav.otherConfig('vault.conf', { password: obscure('forgotten') });
    const before = contentOfServer();
    const { error } = await copyWith('vault:', config);
    expect(error).toMatchObject({ code: 'copy-login', message: expect.stringContaining('decrypted') });
    expect(contentOfServer()).toEqual(before);
  });

  const contentOfServer = () => readdirSync(webdav.folder, { recursive: true, encoding: 'utf8' }).sort();

  test('a server that nobody runs can not be reached', async () => {
    const config = webdav.otherConfig('gone.conf', { url: 'http://127.0.0.1:9' });
    const { error, engine } = await copyWith('plain:x', config);
    expect(error).toMatchObject({ code: 'copy-unreachable' });
    expect(await stateOf(engine)).toMatchObject({ state: 'failing', error: { code: 'copy-unreachable' } });
  });

  test('a remote that rclone does not know is named', async () => {
    const { error } = await copyWith('nowhere:x', webdav.config);
    expect(error).toMatchObject({ code: 'rclone-config', message: expect.stringContaining('nowhere:x') });
  });

  test('a remote that is described in the settings, password and all, is refused', async () => {
    const { engine } = prepare('plain:x', webdav.config);
    const remote = ':webdav,url=http://x,pass=hunter2:folder';
    const text = JSON.stringify([{ name: 'cloud', kind: 'rclone', remote }]);
    await expect(engine.changeSetting('copies', text)).rejects.toMatchObject({ code: 'settings-invalid' });
  });

  test('no rclone, and an old one, each say what to install', async () => {
    const bin = temporaryFolder();
    const missing = await copyWith('plain:x', webdav.config, { PATH: bin, SHELL: '/bin/false' });
    const isElsewhere = missing.error === undefined || JSON.stringify(missing.error).includes('copy-');
    // Where rclone lies in a usual place, it is found without the PATH.
    if (!isElsewhere)
      expect(missing.error).toMatchObject({ code: 'rclone-missing', hint: expect.stringContaining('install') });
    writeFileSync(join(bin, 'rclone'), '#!/bin/sh\necho "rclone v1.50.2"\n', { mode: 0o755 });
    const { error } = await copyWith('plain:x', webdav.config, { PATH: bin });
    expect(error).toMatchObject({ code: 'rclone-too-old', message: expect.stringContaining('1.50') });
  });
});
