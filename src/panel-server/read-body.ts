import type { IncomingMessage } from 'node:http';

/** The body as text; undefined where it is longer than that many bytes, or breaks off. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk);
      length += bytes.length;
      if (length > maxBytes) return undefined;
      chunks.push(bytes);
    }
  } catch {
    // Whoever sent it has hung up: there is nobody to answer.
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}
