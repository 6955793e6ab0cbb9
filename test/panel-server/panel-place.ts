import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { PanelHost } from '../../src/engine-host/create-host.ts';
import { type PanelServer, startPanelServer } from '../../src/panel-server/panel-server.ts';
import { socketProtocols, webPaths } from '../../src/shared/protocol/web.ts';

/** A server with a page of its own in that folder. */
export async function startTestServer(
  folder: string,
  host: Pick<PanelHost, 'serve' | 'openDownload'>,
  options: { readonly now?: () => number; readonly port?: number } = {},
): Promise<PanelServer & { readonly origin: string; readonly defects: unknown[] }> {
  const staticFolder = join(folder, 'renderer');
  mkdirSync(join(staticFolder, 'assets'), { recursive: true });
  writeFileSync(join(staticFolder, 'index.html'), '<!doctype html><title>Panel</title>');
  writeFileSync(join(staticFolder, 'assets', 'main.js'), 'export {};');
  writeFileSync(join(staticFolder, 'assets', 'main.js.map'), '{}');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  const defects: unknown[] = [];
  const now = options.now ?? (() => Date.now());
  const onDefect = (error: unknown): void => void defects.push(error);
  const server = await startPanelServer({ port: options.port ?? 0, host, staticFolder, now, onDefect });
  return { ...server, origin: `http://127.0.0.1:${server.port}`, defects };
}

/** The code in an address. */
export const codeOf = (address: string): string =>
  new URLSearchParams(new URL(address).hash.slice(1)).get('code') ?? '';

/** What a page does first; the answer's status where there is no token. */
export async function exchange(origin: string, code: string): Promise<string | number> {
  const headers = { 'content-type': 'application/json', origin };
  const answer = await fetch(origin + webPaths.session, { method: 'POST', headers, body: JSON.stringify({ code }) });
  if (answer.status !== 200) return answer.status;
  const body: unknown = await answer.json();
  return typeof body === 'object' && body !== null && 'token' in body ? String(body.token) : 0;
}

/** A token for that server. */
export async function getToken({ origin, mintAddress }: PanelServer & { readonly origin: string }): Promise<string> {
  return String(await exchange(origin, codeOf(mintAddress())));
}

/** Resolves to the open socket, or to the status that refused it. */
export function openSocket(
  origin: string,
  token: string | undefined,
  headers: Readonly<Record<string, string>> = { origin },
): Promise<WebSocket | number> {
  const protocols = token === undefined ? [] : socketProtocols(token);
  const socket = new WebSocket(origin.replace('http', 'ws') + webPaths.socket, protocols, { headers });
  onTestFinished(() => socket.terminate());
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.once('error', reject);
  });
}
