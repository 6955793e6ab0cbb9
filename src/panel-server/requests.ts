import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PanelHost } from '../engine-host/create-host.ts';
import { AppError, systemErrorCode } from '../shared/app-error.ts';
import { attachmentHeader } from '../shared/attachment-header.ts';
import { tokenHeader, webPaths } from '../shared/protocol/web.ts';
import { z } from '../shared/zod.ts';
import { checkOrigin, checkPost } from './check-request.ts';
import { readBody } from './read-body.ts';
import { securityHeaders } from './security-headers.ts';
import type { Sessions } from './sessions.ts';
import type { StaticFile } from './static-files.ts';

export interface RequestContext {
  readonly port: number;
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly sessions: Sessions;
  readonly openDownload: PanelHost['openDownload'];
  readonly mayAsk: () => boolean;
  /** Guessing a code is hopeless; this makes it dull too. */
  readonly mayTryCode: () => boolean;
}

const maxBodyBytes = 1024;
const sessionBody = z.strictObject({ code: z.string().max(200) });

/** Answers one request over HTTP: the page, the exchange of a code, whether a token is known, a download. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  const { method, url = '', headers } = request;
  if (!context.mayAsk()) return end(response, 429);
  const refusal = method === 'POST' ? checkPost(headers, context.port) : checkOrigin(headers, context.port);
  if (refusal !== undefined) return end(response, refusal.status);
  if (method === 'POST') {
    return url === webPaths.session ? exchangeCode(request, response, context) : end(response, 404);
  }
  if (method !== 'GET' && method !== 'HEAD') return end(response, 405);
  if (url === webPaths.session) return end(response, context.sessions.isToken(tokenOf(request)) ? 204 : 401);
  if (url.startsWith(webPaths.download))
    return download(url.slice(webPaths.download.length), request, response, context);
  return page(url, method, response, context);
}

/** No body and no reason: a stranger learns nothing. */
function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: status >= 400 ? 'close' : 'keep-alive' }).end();
}

async function exchangeCode(request: IncomingMessage, response: ServerResponse, context: RequestContext) {
  if (!context.mayTryCode()) return end(response, 429);
  const body = await readBody(request, maxBodyBytes);
  if (body === undefined) return end(response, 413);
  const token = parseCode(body).map((code) => context.sessions.exchange(code))[0];
  if (token === undefined) return end(response, 401);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token }));
}

/** None where the body isn't what a page of ours sends. */
function parseCode(body: string): readonly string[] {
  try {
    const parsed = sessionBody.safeParse(JSON.parse(body));
    return parsed.success ? [parsed.data.code] : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function tokenOf({ headers }: IncomingMessage): string | undefined {
  const token = headers[tokenHeader];
  return typeof token === 'string' ? token : undefined;
}

/** A link can't send a header, so the ticket alone must do: random, good for one use within a minute. */
async function download(
  ticket: string,
  { method }: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
) {
  if (method !== 'GET') return end(response, 405);
  try {
    const { name, content } = await context.openDownload(ticket);
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-disposition': attachmentHeader(name),
    });
    await pipeline(Readable.from(content), response);
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    if (!(error instanceof AppError) && systemErrorCode(error) === undefined) throw error;
    end(response, 404);
  }
}

function page(url: string, method: string, response: ServerResponse, { files }: RequestContext): void {
  const file = files.get(url.split('?')[0] ?? '');
  if (file === undefined) {
    end(response, 404);
    return;
  }
  response.writeHead(200, { 'content-type': file.type, 'content-length': file.content.length });
  response.end(method === 'HEAD' ? undefined : file.content);
}
