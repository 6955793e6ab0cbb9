import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { PanelHost } from '../engine-host/create-host.ts';
import { createRateLimit } from '../engine-host/rate-limit.ts';
import { AppError, systemErrorCode } from '../shared/app-error.ts';
import { maxRequestLength } from '../shared/protocol/channel.ts';
import { socketCloseCodes } from '../shared/protocol/socket-carrier.ts';
import { codeParameter, findToken, socketProtocol, webPaths } from '../shared/protocol/web.ts';
import { checkOrigin } from './check-request.ts';
import { answerRequest, type RequestContext } from './requests.ts';
import { createSessions } from './sessions.ts';
import { readStaticFiles } from './static-files.ts';
import { channelOver } from './web-socket-channel.ts';

export interface PanelServerOptions {
  /** 0 takes any free one. */
  readonly port: number;
  readonly host: Pick<PanelHost, 'serve' | 'openDownload'>;
  /** The built renderer. */
  readonly staticFolder: string;
  readonly now: () => number;
  readonly onDefect: (error: unknown) => void;
}

export interface PanelServer {
  readonly port: number;
  /** An address with a fresh one-time code. */
  mintAddress(): string;
  close(): Promise<void>;
}

const maxConnections = 200;
const maxWindows = 40;

/** Serves the panel to browsers of this computer. AppError `port-in-use`. */
export async function startPanelServer(options: PanelServerOptions): Promise<PanelServer> {
  const { host, now, onDefect } = options;
  const sessions = createSessions(now);
  const files = readStaticFiles(options.staticFolder);
  const mayAsk = createRateLimit({ now, burst: 400, perSecond: 100 });
  const mayTryCode = createRateLimit({ now, burst: 20, perSecond: 0.5 });
  const server = createServer({
    requestTimeout: 10_000,
    headersTimeout: 5000,
    // Node looks every 30 s whether one of them is over, unless told otherwise.
    connectionsCheckingInterval: 1000,
    maxHeaderSize: 16 * 1024,
  });
  server.maxConnections = maxConnections;
  server.keepAliveTimeout = 5000;
  server.maxRequestsPerSocket = 1000;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 4 * maxRequestLength,
    perMessageDeflate: false,
    handleProtocols: () => socketProtocol,
  });
  await listen(server, options.port);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server that listens has an address');
  const { port } = address;
  const context: RequestContext = { port, files, sessions, mayAsk, mayTryCode, openDownload: host.openDownload };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answerRequest(request, response, context).catch((error: unknown) => {
      onDefect(error);
      response.destroy();
    });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = mayAsk() ? refuseUpgrade(request, context, sockets.clients.size) : 429;
    if (refusal !== undefined) return void socket.end(`HTTP/1.1 ${refusal} Refused\r\nConnection: close\r\n\r\n`);
    sockets.handleUpgrade(request, socket, head, (opened: WebSocket) => {
      // A message that is too large or no WebSocket frame at all: ws closes the connection itself.
      opened.on('error', () => opened.terminate());
      host.serve(channelOver(opened));
    });
  });
  return {
    port,
    mintAddress: () => `http://127.0.0.1:${port}/#${codeParameter}=${sessions.mintCode()}`,
    close: () => closeAll(server, sockets),
  };
}

/** The status to refuse with, before any upgrade; undefined for a window of ours. */
function refuseUpgrade({ method, url, headers }: IncomingMessage, context: RequestContext, open: number) {
  if (checkOrigin(headers, context.port) !== undefined || headers.origin === undefined) return 403;
  if (method !== 'GET' || url !== webPaths.socket) return 404;
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  if (!context.sessions.isToken(findToken(protocols))) return 401;
  return open >= maxWindows ? 503 : undefined;
}

async function listen(server: Server, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ port, host: '127.0.0.1', exclusive: true }, resolve);
  try {
    await promise;
  } catch (error) {
    if (systemErrorCode(error) === 'EADDRINUSE') {
      throw new AppError('port-in-use', `Another program listens on port ${port} of this computer.`, {
        hint: 'Leave --port out to take any free one, or name another.',
        cause: error,
      });
    }
    if (systemErrorCode(error) !== 'EACCES') throw error;
    throw new AppError('usage', `Port ${port} may not be used by you.`, {
      hint: 'Take one from 1024 on.',
      cause: error,
    });
  }
}

async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.close(socketCloseCodes.ended);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
  }, 500);
  await promise;
  clearTimeout(timer);
}
