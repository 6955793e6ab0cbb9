import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { createClient } from '../../src/shared/protocol/client.ts';
import { createSocketCarrier, type SocketLike } from '../../src/shared/protocol/socket-carrier.ts';
import { socketProtocols, webPaths } from '../../src/shared/protocol/web.ts';
import { createSmallCodex } from '../helpers/small-codex.ts';
import { codeOf, exchange } from '../panel-server/panel-place.ts';
import { type CliPlace, createCliPlace, endingOf } from './support/spawn-cli.ts';
import { createTestShell, runMain } from './support/test-shell.ts';

function makePlace(): { readonly place: CliPlace; readonly env: NodeJS.ProcessEnv } {
  const place = createCliPlace();
  onTestFinished(() => place.dispose());
  const renderer = join(place.folder, 'renderer');
  mkdirSync(renderer);
  writeFileSync(join(renderer, 'index.html'), '<!doctype html><title>Panel</title>');
  return { place, env: { CODEX_BACKUP_PANEL: renderer, CODEX_BACKUP_BUNDLE: 'off' } };
}

/** Resolves with the first address that the command prints. */
function addressOf(child: ChildProcess): Promise<string> {
  onTestFinished(() => void child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    let told = '';
    child.stderr?.on('data', (chunk) => {
      told += String(chunk);
      const [address] = /http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]+/.exec(told) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.on('exit', () => reject(new Error(told)));
  });
}

async function connect(address: string) {
  const { origin } = new URL(address);
  const token = String(await exchange(origin, codeOf(address)));
  const client = createClient(
    createSocketCarrier({
      openSocket: (): SocketLike => {
        const url = origin.replace('http', 'ws') + webPaths.socket;
        const socket = new WebSocket(url, socketProtocols(token), { headers: { origin } });
        socket.on('error', () => undefined);
        return socket;
      },
      after: (milliseconds, listener) => {
        const timer = setTimeout(listener, milliseconds);
        return () => clearTimeout(timer);
      },
    }),
  );
  onTestFinished(() => client.close());
  return client;
}

test('the panel serves an engine and its watcher, a second one works beside it, and Ctrl-C ends both cleanly', async () => {
  const { root } = createSmallCodex();
  const { place, env } = makePlace();
  const first = place.start(['panel', '--no-open', '--root', root], {
    ...env,
    SSH_CONNECTION: '10.0.0.1 5 10.0.0.2 2222',
  });
  const ending = endingOf(first);
  const client = await connect(await addressOf(first));
  await expect.poll(async () => (await client.call('status', {})).watching.kind).toBe('here');
  const job = await client.call('start', { job: { kind: 'backUp' } });
  await expect.poll(async () => (await client.call('job', { id: job.id })).job.state).toBe('done');
  expect(await client.call('snapshots', {})).toHaveLength(1);

  const second = place.start(['panel', '--no-open', '--root', root], env);
  const beside = await connect(await addressOf(second));
  await expect.poll(async () => (await beside.call('status', {})).watching.kind).toBe('elsewhere');
  const { href } = await beside.call('openWindow', {});
  expect(await exchange(new URL(href).origin, codeOf(href))).toMatch(/^[\w-]{43}$/);

  const secondEnding = endingOf(second);
  for (const child of [first, second]) child.kill('SIGINT');
  for (const { code, err } of await Promise.all([ending, secondEnding]))
    expect([code, err]).toEqual([0, expect.any(String)]);
  expect((await ending).err).toContain('ssh -p 2222 -N -L');
  await expect.poll(() => client.connection()).toMatchObject({ kind: 'closed', reason: 'Codex Auto-Backup was ended' });
});

test('a port in use, a wrong port and a panel that is not built are told', async () => {
  const { root } = createSmallCodex();
  const { place, env } = makePlace();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const inUse = await place.run(['panel', '--no-open', '--root', root, '--port', String(port)], env);
  expect(inUse).toMatchObject({ code: 1, err: expect.stringContaining(`Another program listens on port ${port}`) });
  expect((await place.run(['panel', '--no-open', '--root', root, '--port', '70000'], env)).code).toBe(2);
  const unbuilt = { ...env, CODEX_BACKUP_PANEL: join(place.folder, 'nothing') };
  expect((await place.run(['panel', '--no-open', '--root', root], unbuilt)).err).toContain('npm run build:panel');
});

test('Enter at the terminal prints another address: the first one is soon too old', async () => {
  const { place, env } = makePlace();
  const shell = createTestShell(
    { stamps: async () => ({ snapshots: '', locks: '', settings: '', restores: '' }) },
    { terminals: { stdin: true, stdout: true, stderr: true }, env: { ...env, CODEX_BACKUP_HOME: place.folder } },
  );
  const ending = runMain(['panel', '--no-open'], shell);
  const addresses = () => shell.err().match(/http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]+/g) ?? [];
  await expect.poll(() => addresses().length).toBe(1);
  expect(shell.err()).toContain('Enter makes another');
  shell.stdin.write('\n');
  await expect.poll(() => addresses().length).toBe(2);
  const [first = '', second = ''] = addresses();
  expect(codeOf(second)).not.toBe(codeOf(first));
  expect(await exchange(new URL(second).origin, codeOf(second))).toMatch(/^[\w-]{43}$/);
  shell.interrupt();
  expect((await ending).code).toBe(0);
});
