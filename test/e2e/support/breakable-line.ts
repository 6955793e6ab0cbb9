import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A line between a browser and the servers of this computer, such as a tunnel over SSH, that can be cut. */
export interface BreakableLine {
  /** For the browser: its proxy. */
  readonly proxy: { readonly server: string; readonly bypass: string };
  /** Ends what goes over it, and lets nothing through until it is mended. */
  cut(): void;
  mend(): void;
  close(): void;
}

export async function createBreakableLine(): Promise<BreakableLine> {
  let isCut = false;
  const ends = new Set<Duplex>();
  const join = (a: Duplex, b: Duplex): void => {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      ends.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        ends.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  };
  const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    if (isCut) return void incoming.socket.destroy();
    const { method, headers } = incoming;
    const onward = request(incoming.url ?? '', { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
  server.on('connect', ({ url }: IncomingMessage, socket: Duplex) => {
    if (isCut) return void socket.destroy();
    const { hostname, port } = new URL(`http://${url}`);
    const far: Socket = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      join(socket, far);
    });
    far.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cut = (): void => {
    isCut = true;
    for (const end of ends) end.destroy();
    server.closeAllConnections();
  };
  return {
    // Without this word a browser asks no proxy for what is on its own computer.
    proxy: { server: `http://127.0.0.1:${port}`, bypass: '<-loopback>' },
    cut,
    mend: () => {
      isCut = false;
    },
    close: () => {
      cut();
      server.close();
    },
  };
}
