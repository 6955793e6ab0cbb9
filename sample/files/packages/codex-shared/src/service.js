import { createServer } from 'node:http';

/** Serves `GET /health` and the given routes (`'POST /event': async (request) => answer`) on the loopback address. */
export function startService({ name, port, routes = {} }) {
  const health = () => ({ ok: true, service: name, pid: process.pid });
  const table = { 'GET /health': health, ...routes };

  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const route = table[`${request.method} ${path}`];
    try {
      if (route === undefined) answer(response, 404, { error: `no ${request.method} ${path} here` });
      else answer(response, 200, await route(request));
    } catch (error) {
      answer(response, error.status ?? 500, { error: error.message });
    }
  });

  server.on('error', (error) => {
    console.error(`[${name}] ${error.message}`);
    process.exit(1);
  });
  server.listen(port, '127.0.0.1', () => console.log(`[${name}] listening on ${port}`));
  return server;
}

/** The body of a request as JSON; a bad one is the caller's fault. */
export async function readJson(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw Object.assign(new Error(`the body is not JSON: ${error.message}`), { status: 400 });
  }
}

function answer(response, status, body) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json' });
  response.end(text);
}
