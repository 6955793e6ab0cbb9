import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';

type Parameters = Readonly<Record<string, unknown>>;

/** One target of a Chromium: its commands, and its events under their DevTools names. */
export class DevToolsSession extends EventEmitter {
  readonly #send: (method: string, parameters: Parameters) => Promise<unknown>;

  constructor(send: (method: string, parameters: Parameters) => Promise<unknown>) {
    super();
    this.#send = send;
  }

  async send<T>(method: string, parameters: Parameters = {}): Promise<T> {
    return (await this.#send(method, parameters)) as T;
  }
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The sessions of a Chromium over its pipe; the one without an id is the browser itself. */
export function connectDevTools(output: Writable, input: Readable): (sessionId?: string) => DevToolsSession {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const sessions = new Map<string | undefined, DevToolsSession>();
  let lastId = 0;
  const receive = (text: string): void => {
    const { id, sessionId, method, params, result, error }: Message = JSON.parse(text);
    if (id === undefined) return void sessions.get(sessionId)?.emit(method ?? '', params);
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(error.message));
  };
  readMessages(input, receive);
  input.on('close', () => {
    for (const asked of waiting.values()) asked.reject(new Error('Chromium has gone.'));
    waiting.clear();
  });
  output.on('error', () => undefined); // that the other side has gone is told by its input
  return (sessionId) => {
    const known = sessions.get(sessionId);
    if (known !== undefined) return known;
    const session = new DevToolsSession((method, params) => {
      lastId += 1;
      const asked = Promise.withResolvers<unknown>();
      waiting.set(lastId, asked);
      output.write(`${JSON.stringify({ id: lastId, sessionId, method, params })}\0`);
      return asked.promise;
    });
    sessions.set(sessionId, session);
    return session;
  };
}

function readMessages(input: Readable, receive: (text: string) => void): void {
  let begun: Buffer[] = [];
  input.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, from)) {
      receive(Buffer.concat([...begun, chunk.subarray(from, end)]).toString());
      begun = [];
      from = end + 1;
    }
    begun.push(chunk.subarray(from));
  });
}
