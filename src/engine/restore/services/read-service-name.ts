import type { IncomingMessage } from 'node:http';
import { z } from '../../../shared/zod.ts';

const mostBytes = 4096;
const patienceMs = 250;
const name = z.string().min(1).max(64);
const named = z.object({ service: name }).or(z.object({ name }).transform((said) => ({ service: said.name })));

/**
 * What a service calls itself in a health answer: `service`, else `name`, of a JSON object. Null where it does not say
 * so within 4 KB and a quarter of a second. Ends the connection.
 */
export async function readServiceName(response: IncomingMessage): Promise<string | null> {
  const timer = setTimeout(() => response.destroy(), patienceMs);
  try {
    const body = await readStart(response);
    return body === undefined ? null : (named.safeParse(JSON.parse(body)).data?.service ?? null);
  } catch {
    return null; // cut off, or no JSON: it is as healthy without a name
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}

async function readStart(response: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}
