import { createServer } from 'node:net';

/** Who listens where in a sample; the keys of its codex-ports.json. */
export interface SamplePorts {
  readonly bridge: number;
  readonly brain: number;
  readonly orchestrator: number;
  readonly hands: number;
  readonly scheduler: number;
  readonly bootManager: number;
  readonly desktop: number;
  readonly voice: number;
}

/** Fills in the ports that aren't given with ones on which nobody listens now. */
export async function chooseFreePorts(given: Partial<SamplePorts> = {}): Promise<SamplePorts> {
  const taken = new Set(Object.values(given));
  return {
    bridge: given.bridge ?? (await findFreePort(taken)),
    brain: given.brain ?? (await findFreePort(taken)),
    orchestrator: given.orchestrator ?? (await findFreePort(taken)),
    hands: given.hands ?? (await findFreePort(taken)),
    scheduler: given.scheduler ?? (await findFreePort(taken)),
    bootManager: given.bootManager ?? (await findFreePort(taken)),
    desktop: given.desktop ?? (await findFreePort(taken)),
    voice: given.voice ?? (await findFreePort(taken)),
  };
}

/** Below the range from which systems take the ports of outgoing connections, so that none of those meets a sample. */
const firstPort = 15_000;
const portCount = 15_000;

async function findFreePort(taken: Set<number>): Promise<number> {
  for (;;) {
    const port = firstPort + Math.floor(Math.random() * portCount);
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
