import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { Engine } from '../../src/engine/engine.ts';
import { calls } from '../../src/shared/protocol/calls.ts';
import { createMemoryHost } from '../engine-host/memory-host.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { dispatchOn } from './dispatch-on.ts';
import { getToken, openSocket, startTestServer } from './panel-place.ts';

const runs = Number(process.env['SCALE'] ?? 1);

async function setUp(answers: Partial<Engine> = {}) {
  const { host } = await createMemoryHost(answers);
  const server = await startTestServer(temporaryFolder(), host);
  onTestFinished(() => server.close());
  return server;
}

async function open(server: Awaited<ReturnType<typeof setUp>>): Promise<WebSocket> {
  const socket = await openSocket(server.origin, await getToken(server));
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
  return socket;
}

const closed = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.once('close', resolve));

const call = (number: number, name: unknown, payload: unknown): string =>
  JSON.stringify({ t: 'q', i: `id-${number}`, m: 'call', a: [number, name, payload] });

test('G113: a WebSocket of another origin, without one, or without a known token is refused before the upgrade', async () => {
  const server = await setUp();
  const token = await getToken(server);
  const { origin } = server;
  const upgrade = (headers: Readonly<Record<string, string>>, with_ = token) => openSocket(origin, with_, headers);
  expect(await upgrade({})).toBe(403);
  for (const other of [
    'https://evil.com',
    'null',
    origin.replace('http', 'https'),
    `${origin}0`,
    `http://localhost:${server.port}`,
  ]) {
    expect(await upgrade({ origin: other }), other).toBe(403);
  }
  expect(await upgrade({ origin, host: `evil.com:${server.port}` })).toBe(403);
  expect(await upgrade({ origin, 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await openSocket(origin, undefined)).toBe(401);
  expect(await openSocket(origin, `${token}x`)).toBe(401);
  expect(await openSocket(origin, randomBytes(32).toString('base64url'))).toBe(401);
  const known = await openSocket(origin, token);
  // The token is not sent back.
  expect(typeof known === 'number' ? known : known.protocol).toBe('codex-backup');
});

test('G116: forty windows are served, one more is refused, and one that goes makes room', async () => {
  const server = await setUp();
  const token = await getToken(server);
  const windows: (WebSocket | number)[] = [];
  for (let count = 0; count < 40; count += 1) windows.push(await openSocket(server.origin, token));
  expect(windows.filter((window) => typeof window === 'number')).toEqual([]);
  expect(await openSocket(server.origin, token)).toBe(503);
  const [first] = windows;
  if (typeof first === 'object') first.close();
  await expect.poll(async () => typeof (await openSocket(server.origin, token))).toBe('object');
});

test('F101, F103: a message that no window of ours sends closes the connection', async () => {
  const server = await setUp();
  const hostile: readonly (string | Buffer)[] = [
    'no JSON',
    '[]',
    'null',
    '{}',
    '{"t":"q","i":"1","m":"constructor","a":[]}',
    '{"t":"q","i":"1","m":"__proto__","a":[1]}',
    '{"t":"q","i":"1","m":"call","a":[1,"about",{}],"o":true}',
    '{"t":"q","i":"1","m":"call","a":["1","about",{}]}',
    '{"t":"s","i":"1","r":{}}',
    '{"t":"q","i":"1","m":"call","a":[1,"pin",{"__proto__":{"id":"x"}}]}',
    call(1, 'x'.repeat(100), {}),
    call(1, 'about', 'x'.repeat(300_000)),
    `${'['.repeat(100_000)}`,
    Buffer.from([1, 2, 3]),
  ];
  for (const message of hostile) {
    const socket = await open(server);
    const code = closed(socket);
    socket.send(message);
    expect([1003, 1008], String(message).slice(0, 60)).toContain(await code);
  }
});

test('F101: a message of many megabytes ends the connection before it is read', async () => {
  const server = await setUp();
  const socket = await open(server);
  const code = closed(socket);
  socket.on('error', () => undefined);
  socket.send('x'.repeat(20_000_000));
  expect([1006, 1009]).toContain(await code);
});

test('F101: a flood of messages ends the connection, and the others go on', async () => {
  const server = await setUp({ settings: async () => Promise.reject(new Error('not asked')) });
  const [flooding, other] = [await open(server), await open(server)];
  const code = closed(flooding);
  flooding.on('error', () => undefined);
  for (let number = 1; number <= 3000; number += 1) flooding.send(JSON.stringify({ t: 'q', m: 'cancel', a: [number] }));
  expect(await code).toBe(1008);
  const answer = new Promise((resolve) => other.once('message', (data) => resolve(String(data))));
  other.send(call(1, 'pin', {}));
  expect(await answer).toContain('usage');
});

test('F101, F102: no call with made-up names or payloads reaches the engine, and each is answered as wrong', async () => {
  const reached: string[] = [];
  const note = (name: string) => async (): Promise<never> => {
    reached.push(name);
    throw new Error('the engine was reached');
  };
  const { host } = await createMemoryHost({
    pin: note('pin'),
    note: note('note'),
    remove: note('remove'),
    changeSetting: note('changeSetting'),
    entry: note('entry'),
    restore: note('restore'),
    listFolders: note('listFolders'),
  });
  const ask = dispatchOn(host);
  const mutating = [
    'pin',
    'note',
    'remove',
    'changeSetting',
    'start',
    'chooseRoot',
    'chooseBackups',
    'download',
    'folders',
  ];
  const hostileText = fc.constantFrom(
    '',
    '../..',
    '/etc/passwd',
    'codex-backup-../x',
    '__proto__',
    'restore.stop',
    'now',
    'latest',
    '\u0000',
  );
  // A name that would reach a prototype closes the channel, as the test above shows: nothing is answered then.
  const isAnswered = (value: unknown): boolean => !JSON.stringify(value).includes('"__proto__":');
  const value = fc.oneof(hostileText, fc.jsonValue({ maxDepth: 2 }).filter(isAnswered));
  const payload = fc.dictionary(
    fc.constantFrom('id', 'path', 'key', 'text', 'pinned', 'folder', 'job', 'kind', 'name'),
    value,
  );
  const check = fc.asyncProperty(fc.constantFrom(...mutating), payload, async (name, given) => {
    const answer = await ask(name, given);
    if (name === 'folders' && Object.keys(given).length === 0) return;
    expect(answer).toMatchObject({ ok: false, error: { code: 'usage' } });
  });
  await fc.assert(check, { numRuns: 500 * runs });
  expect(reached.filter((name) => name !== 'listFolders')).toEqual([]);
});

test('F102: what a window names a file, a folder or a setting by is checked before anything looks at it', () => {
  const id = 'codex-backup-2025-11-22T03-35-57-396Z';
  const entry = (path: string) => calls.preview.payload.safeParse({ id, path }).success;
  expect(entry('codex-brain/src/index.js')).toBe(true);
  for (const path of ['/etc/passwd', '../x', 'a/../../x', 'a//b', './a', 'a/.', 'a\u0000b', '', 'x'.repeat(5000)]) {
    expect(entry(path), path).toBe(false);
  }
  const named = (id: string) => calls.remove.payload.safeParse({ id }).success;
  expect(named(id)).toBe(true);
  for (const wrong of ['latest', '../backups', '2025', `${id}/..`, `${id}\n`]) expect(named(wrong), wrong).toBe(false);
  const setting = (key: string) => calls.changeSetting.payload.safeParse({ key, text: '["sh"]' }).success;
  expect(setting('watch.intervalSeconds')).toBe(true);
  for (const key of [
    'restore.stop',
    'restore.start',
    'restore.healthUrls',
    'root',
    'backups',
    'version',
    '__proto__.x',
  ]) {
    expect(setting(key), key).toBe(false);
  }
});
