import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../src/shared/app-error.ts';
import { codeOf, exchange, getToken, startTestServer } from './panel-place.ts';

type Server = Awaited<ReturnType<typeof startTestServer>>;

const folder = mkdtempSync(join(tmpdir(), 'codex-panel-test-'));
const clock = { now: Date.now() };
const files = new Map<string, string>();
let server: Server;

beforeAll(async () => {
  // A second for each question, so that the rate limit is met only by the test of it.
  const now = () => (clock.now += 1000);
  server = await startTestServer(
    folder,
    {
      serve: () => undefined,
      openDownload: async (ticket) => {
        const name = files.get(ticket);
        files.delete(ticket);
        if (name === undefined) throw new AppError('usage', 'This download is not known any more.');
        return { id: 'id', path: name, name, bytes: 7, content: [Buffer.from('content')].values() as never };
      },
    },
    { now },
  );
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** With exactly these headers: fetch would set some itself. */
function ask({ method = 'GET', path = '/', headers = {}, body }: Asked) {
  return new Promise<{
    readonly status: number;
    readonly headers: NodeJS.Dict<string | string[]>;
    readonly text: string;
  }>((resolve, reject) => {
    const own = { host: `127.0.0.1:${server.port}`, ...headers };
    const call = request(
      { host: '127.0.0.1', port: server.port, method, path, headers: own, setHost: false, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

/** What comes over a connection until it is closed. */
function receivedOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    socket.on('data', (chunk) => {
      received += String(chunk);
    });
    socket.on('close', () => resolve(received));
  });
}

const json = { 'content-type': 'application/json' };

/** A host that has nothing to serve. */
const nobody = { serve: () => undefined, openDownload: async () => Promise.reject() };

test('G111: a Host that is not the loopback with the port is refused, whatever it resolves to', async () => {
  const { port } = server;
  const good = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, `LOCALHOST:${port}`];
  const bad = [
    'evil.com',
    `evil.com:${port}`,
    `127.0.0.1.evil.com:${port}`,
    '127.0.0.1',
    `127.0.0.1:${port + 1}`,
    `0.0.0.0:${port}`,
  ];
  const more = [`127.1:${port}`, `127.0.0.1:${port}@evil.com`, `evil.com#127.0.0.1:${port}`, '', ` 127.0.0.1:${port}.`];
  for (const host of good) expect((await ask({ headers: { host } })).status, host).toBe(200);
  for (const host of [...bad, ...more]) {
    const { status, text } = await ask({ headers: { host } });
    expect([400, 403], host).toContain(status);
    expect(text).not.toContain('Panel');
  }
});

test('G112: another origin, another site, a form and a plain POST are refused', async () => {
  const own = server.origin;
  const post = { method: 'POST', path: '/api/session', body: '{"code":"x"}' };
  const matrix: readonly (readonly [number, Readonly<Record<string, string>>])[] = [
    [401, { ...json, origin: own }],
    [401, { 'content-type': 'application/json; charset=utf-8', origin: own, 'sec-fetch-site': 'same-origin' }],
    [403, json],
    [403, { ...json, origin: 'null' }],
    [403, { ...json, origin: 'https://evil.com' }],
    [403, { ...json, origin: `http://127.0.0.1:${server.port + 1}` }],
    [403, { ...json, origin: `https://127.0.0.1:${server.port}` }],
    [403, { ...json, origin: `http://localhost:${server.port}` }],
    [403, { ...json, origin: own, 'sec-fetch-site': 'cross-site' }],
    [403, { ...json, origin: own, 'sec-fetch-site': 'same-site' }],
    [403, { ...json, origin: own, 'sec-fetch-site': 'none' }],
    [415, { origin: own }],
    [415, { origin: own, 'content-type': 'text/plain' }],
    [415, { origin: own, 'content-type': 'application/x-www-form-urlencoded' }],
    [415, { origin: own, 'content-type': 'text/plain; application/json' }],
  ];
  for (const [status, headers] of matrix) {
    const answer = await ask({ ...post, headers });
    expect(answer.status, JSON.stringify(headers)).toBe(status);
    expect(answer.text).toBe('');
  }
  // An image, a script or a frame of another page.
  for (const site of ['cross-site', 'same-site']) {
    expect((await ask({ headers: { 'sec-fetch-site': site } })).status).toBe(403);
  }
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
    expect((await ask({ method, headers: { origin: own } })).status, method).toBe(405);
  }
});

test('G110, G114: a code is good once and for a minute; the token it gives is known, and any other is not', async () => {
  const address = server.mintAddress();
  expect(new URL(address).search).toBe('');
  const token = await exchange(server.origin, codeOf(address));
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(await exchange(server.origin, codeOf(address))).toBe(401);
  const late = codeOf(server.mintAddress());
  clock.now += 61_000;
  expect(await exchange(server.origin, late)).toBe(401);
  for (const code of ['', 'wrong', String(token)]) expect(await exchange(server.origin, code)).toBe(401);
  const known = async (headers: Readonly<Record<string, string>>) =>
    (await ask({ path: '/api/session', headers })).status;
  expect(await known({ 'x-codex-backup-token': String(token) })).toBe(204);
  expect(await known({ 'x-codex-backup-token': `${String(token)}x` })).toBe(401);
  expect(await known({ cookie: `token=${String(token)}` })).toBe(401);
  expect(await known({})).toBe(401);
});

test('G110: a body that holds no code gives nothing away', async () => {
  const bodies = ['', '{', '[]', 'null', '{"code":1}', '{"code":"x","more":1}', '{"__proto__":{"code":"x"}}'];
  for (const body of bodies) {
    const answer = await ask({
      method: 'POST',
      path: '/api/session',
      headers: { ...json, origin: server.origin },
      body,
    });
    expect([answer.status, answer.text], body).toEqual([401, '']);
  }
});

test('G110: codes can be tried twenty times at once, then once in two seconds, and a right one has to wait as well', async () => {
  const time = { now: Date.now() };
  const limited = await startTestServer(folder, nobody, { now: () => time.now });
  onTestFinished(() => limited.close());
  const code = codeOf(limited.mintAddress());
  for (let tried = 0; tried < 20; tried += 1) expect(await exchange(limited.origin, `wrong-${tried}`)).toBe(401);
  expect(await exchange(limited.origin, code)).toBe(429);
  time.now += 2000;
  expect(await exchange(limited.origin, code)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(await exchange(limited.origin, 'wrong')).toBe(429);
});

test('G116: requests of any kind are limited, and go on after a while', async () => {
  const time = { now: Date.now() };
  const limited = await startTestServer(folder, nobody, { now: () => time.now });
  onTestFinished(() => limited.close());
  const statuses: number[] = [];
  for (let asked = 0; asked < 401; asked += 1) statuses.push((await fetch(`${limited.origin}/nothing`)).status);
  expect([...new Set(statuses.slice(0, 400)), statuses.at(-1)]).toEqual([404, 429]);
  time.now += 100;
  expect((await fetch(`${limited.origin}/`)).status).toBe(200);
});

test('G116: no more than 200 connections are held, and those that go make room', async () => {
  const downloads = new EventEmitter();
  let held = 0;
  const openDownload = (): Promise<never> => {
    held += 1;
    downloads.emit('held');
    return new Promise(() => undefined);
  };
  const crowded = await startTestServer(folder, { ...nobody, openDownload });
  onTestFinished(() => crowded.close());
  const sockets: Socket[] = [];
  const letGo = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(letGo);
  /** Resolves once the connection is closed, with what came over it. */
  const open = (request = ''): Promise<string> => {
    const socket = connect(crowded.port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    socket.write(request);
    return receivedOf(socket);
  };
  // Each waits for its answer, which has no limit: a silent one would be let go after 5 s, and make room too soon.
  const download = `GET /api/download/x HTTP/1.1\r\nHost: 127.0.0.1:${crowded.port}\r\n\r\n`;
  while (held < 200) {
    const ending = await Promise.race([once(downloads, 'held'), open(download)]);
    // One that was silent for 5 s all the same is told so, and the next one takes its place.
    expect(ending, `after ${held}`).not.toBe('');
  }
  const more = await Promise.all(Array.from({ length: 100 }, () => open()));
  expect([...new Set(more)]).toEqual(['']);
  letGo();
  await expect.poll(() => fetch(`${crowded.origin}/`).then(({ status }) => status, String)).toBe(200);
});

test('G116: only the files of the build are served, by their whole path', async () => {
  expect((await ask({ path: '/assets/main.js' })).headers['content-type']).toContain('text/javascript');
  const hostile = [
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/main.js.map',
  ];
  const more = [
    '//etc/passwd',
    '/assets',
    '/assets/',
    '/.',
    '/index.html/..',
    '/\\..\\secret.txt',
    'http://evil.com/',
    '/api',
    '/api/socket',
  ];
  for (const path of [...hostile, ...more]) {
    const { status, text } = await ask({ path });
    expect([400, 404], path).toContain(status);
    expect(text, path).toBe('');
  }
});

test('F106, G116: every answer carries the headers that keep a page from being framed, sniffed, cached or scripted', async () => {
  for (const path of ['/', '/nothing', '/api/session', '/api/download/x']) {
    const { headers } = await ask({ path });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('F106: a download is an attachment, whatever its name holds, and its ticket is good once', async () => {
  const names = [
    '<img src=x onerror=alert(1)>.html',
    'a"b\r\nSet-Cookie: x=1',
    '../../etc/passwd',
    'ünïcode 名前.txt',
    '\u202egpj.exe',
    '\ud800',
    '',
    'x'.repeat(4000),
  ];
  for (const [index, name] of names.entries()) {
    files.set(`ticket-${index}`, name);
    const answer = await ask({ path: `/api/download/ticket-${index}` });
    expect(answer.status).toBe(200);
    expect(answer.text).toBe('content');
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
    });
    const disposition = String(answer.headers['content-disposition']);
    expect(disposition).toMatch(/^attachment; filename="[^"\\/%\r\n]+"; filename\*=UTF-8''[A-Za-z0-9%._~!$&+^`|{}-]*$/);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await ask({ path: `/api/download/ticket-${index}` })).status).toBe(404);
  }
});

test('G116: large bodies and headers are refused, and a client that sends nothing is let go', async () => {
  const big = await ask({
    method: 'POST',
    path: '/api/session',
    headers: { ...json, origin: server.origin },
    body: 'x'.repeat(5000),
  });
  expect(big.status).toBe(413);
  await expect(ask({ headers: { 'x-long': 'x'.repeat(20_000) } })).resolves.toMatchObject({ status: 431 });
  const beganMs = performance.now();
  const slow = connect(server.port, '127.0.0.1');
  slow.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow:');
  expect(await receivedOf(slow)).toContain('408');
  // The limit is 5 s; Node would look for it after half a minute.
  expect(performance.now() - beganMs).toBeLessThan(20_000);
}, 60_000);

test('G115: nobody listens on any address but the loopback', async () => {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const outside = own.find(({ internal, family }) => !internal && family === 'IPv4');
  // Linux has the whole of 127.0.0.0/8 for the loopback: to be heard on one of its other addresses is to listen on all.
  const addresses = [
    ...(outside === undefined ? [] : [outside.address]),
    ...(process.platform === 'linux' ? ['127.0.0.2'] : []),
    ...(own.some(({ address }) => address === '::1') ? ['::1'] : []),
  ];
  expect(addresses).not.toEqual([]);
  for (const address of addresses) expect(await refusalOf(address), address).toBe('ECONNREFUSED');
});

function refusalOf(address: string): Promise<string> {
  return new Promise<string>((resolve) => {
    const socket = connect(server.port, address);
    socket.on('connect', () => resolve('connected'));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
}

test('G115: a port on which somebody listens is refused with a message', async () => {
  const second = startTestServer(folder, nobody, { port: server.port });
  await expect(second).rejects.toMatchObject({
    code: 'port-in-use',
    message: expect.stringContaining(String(server.port)),
  });
});

test('no defect was met, and nothing was kept in the folder of the pages', async () => {
  await getToken(server);
  expect(server.defects).toEqual([]);
  expect(readFileSync(join(folder, 'secret.txt'), 'utf8')).toBe('secret');
});
