import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { createPicker, type InventedEvent, inventEvent } from './invent-memories.ts';

/** Sends one event to a running Brain and gives the id of its row. Throws on any other answer. */
export async function postEvent(
  brainPort: number,
  { kind, event }: Pick<InventedEvent, 'kind' | 'event'>,
): Promise<number> {
  const answer = await callService(brainPort, '/event', { kind, event });
  if (typeof answer === 'object' && answer !== null && 'id' in answer && typeof answer.id === 'number')
    return answer.id;
  throw new Error(`The Brain answered ${JSON.stringify(answer)} to an event`);
}

export interface PostOptions {
  readonly perSecond: number;
  readonly count: number;
}

/** Sends made-up events at that rate, one after the other, and gives the ids of their rows. */
export async function postEvents(brainPort: number, { perSecond, count }: PostOptions): Promise<readonly number[]> {
  const pick = createPicker(3);
  const ids: number[] = [];
  const startedAt = performance.now();
  while (ids.length < count) {
    ids.push(await postEvent(brainPort, inventEvent(ids.length, pick)));
    const waitMs = startedAt + (ids.length * 1000) / perSecond - performance.now();
    if (waitMs > 0) await setTimeout(waitMs);
  }
  return ids;
}

/**
 * `GET`s a path of a service, or `POST`s a body to it, and gives the JSON answer. The connection is gone when this
 * resolves: Codex's stop script kills whoever still holds one.
 */
export function callService(port: number, path: string, body?: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const call = request({ host: '127.0.0.1', port, path, method, agent: false, timeout: 10_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      call.on('close', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${method} ${path} on port ${port} answered ${response.statusCode}: ${text}`));
      });
    });
    call.on('timeout', () => call.destroy(new Error(`${method} ${path} on port ${port} did not answer within 10 s`)));
    call.on('error', reject);
    call.setHeader('content-type', 'application/json');
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
