// Answers HTTP on the port named first, tells which, and, if a time is named second, dies after so many ms.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const status = Number(/^\/status\/(\d+)/.exec(request.url)?.[1] ?? 200);
  // Healthy once: it ends with its answer.
  if (request.url === '/last') response.on('finish', () => process.exit(1));
  if (request.url !== '/silent') response.writeHead(status).end('{"ok":true}');
});
server.keepAliveTimeout = 600_000;
server.listen(Number(process.argv[2]), process.argv[4] ?? '127.0.0.1', () => {
  console.log(`listening ${server.address().port} ${process.pid}`);
});
setInterval(() => server.getConnections((_, count) => console.log(`connections ${count}`)), 50);
if (process.argv[3]) setTimeout(() => process.exit(1), Number(process.argv[3]));
