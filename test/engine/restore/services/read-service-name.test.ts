import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { checkHealth } from '../../../../src/engine/restore/services/check-health.ts';

/** What a service at which that is answered calls itself, as `checkHealth` tells it. */
async function nameAt(answer: (response: ServerResponse) => void): Promise<unknown> {
  const server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/health`;
  const [health] = await checkHealth([url], new AbortController().signal);
  const count = (): Promise<number> => promisify(server.getConnections.bind(server))();
  await expect.poll(count).toBe(0);
  expect(health).toMatchObject({ url, kind: 'healthy', status: 200, milliseconds: expect.any(Number) });
  return health !== undefined && 'service' in health ? health.service : undefined;
}

const say = (value: unknown) => (response: ServerResponse) => void response.end(JSON.stringify(value));

test('a service is called what it calls itself in its health answer', async () => {
  expect(await nameAt(say({ ok: true, service: 'brain', pid: 7 }))).toBe('brain');
  expect(await nameAt(say({ status: 'ok', name: 'codex-voice' }))).toBe('codex-voice');
  expect(await nameAt(say({ name: 'other', service: 'bridge' }))).toBe('bridge');
});

test('a service that does not say what it is called is as healthy', async () => {
  const silent = [{}, { service: '' }, { service: 7 }, { service: 'x'.repeat(65) }, ['brain'], null, 'brain'];
  for (const value of silent) expect(await nameAt(say(value)), JSON.stringify(value)).toBeNull();
  expect(await nameAt((response) => void response.end('<html>fine</html>'))).toBeNull();
  expect(await nameAt((response) => void response.end())).toBeNull();
});

test('no more than 4 KB are read, an end that does not come is not waited for, and no connection is left', async () => {
  expect(await nameAt(say({ service: 'brain', more: 'x'.repeat(5000) }))).toBeNull();
  expect(
    await nameAt((response) => {
      response.write('{"service":"brain"');
    }),
  ).toBeNull();
  expect(
    await nameAt((response) => {
      response.write('{"service":', () => response.destroy());
    }),
  ).toBeNull();
});
