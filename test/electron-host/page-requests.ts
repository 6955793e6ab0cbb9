import type { DevToolsSession } from './devtools.ts';
import { fromPageUrl, handlerOf, toPagePolicy } from './schemes.ts';

/** A request that Chromium holds until it is answered. */
export interface HeldRequest {
  readonly requestId: string;
  readonly resourceType: string;
  readonly frameId: string;
  readonly request: {
    readonly url: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly postDataEntries?: readonly { readonly bytes: string }[];
  };
}

/** Answers by the app's own handler. Nothing reaches a network: a test that tries to shall see it fail. */
export async function answerRequest(session: DevToolsSession, held: HeldRequest): Promise<void> {
  const { requestId, request } = held;
  const url = fromPageUrl(request.url);
  const handler = handlerOf(url);
  if (url.endsWith('/favicon.ico')) {
    // Electron doesn't ask for it.
    await session.send('Fetch.fulfillRequest', { requestId, responseCode: 204 });
  } else if (handler !== undefined) {
    await answerByHandler(session, held, url, handler);
  } else if (/^(https?|wss?|ftp):/.test(url)) {
    await session.send('Fetch.failRequest', { requestId, errorReason: 'InternetDisconnected' });
  } else {
    await session.send('Fetch.continueRequest', { requestId });
  }
}

export async function refuseRequest(session: DevToolsSession, { requestId }: HeldRequest): Promise<void> {
  await session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
}

async function answerByHandler(
  session: DevToolsSession,
  { requestId, request }: HeldRequest,
  url: string,
  handler: NonNullable<ReturnType<typeof handlerOf>>,
): Promise<void> {
  try {
    const { method, headers, postDataEntries } = request;
    const body = postDataEntries?.map(({ bytes }) => Buffer.from(bytes, 'base64'));
    const parts = body === undefined ? {} : { body: Buffer.concat(body) };
    const response = await handler(new Request(url, { method, headers, ...parts }));
    const content = Buffer.from(await response.arrayBuffer());
    const responseHeaders = [...response.headers].map(([name, value]) => ({
      name,
      value: name === 'content-security-policy' ? toPagePolicy(value) : value,
    }));
    const answer = { requestId, responseCode: response.status, responseHeaders, body: content.toString('base64') };
    await session.send('Fetch.fulfillRequest', answer);
  } catch (error) {
    console.error(`The app could not answer ${url}:`, error);
    await session.send('Fetch.failRequest', { requestId, errorReason: 'Failed' });
  }
}
