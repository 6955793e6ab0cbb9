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

/** That many ports, from the first on. */
export interface PortRange {
  readonly first: number;
  readonly count: number;
}

/** Below the range from which systems take the ports of outgoing connections, so that none of those meets a sample. */
const usualRange: PortRange = { first: 15_000, count: 15_000 };

/** Fills in the ports that aren't given with ones on which nobody listens now. */
export async function chooseFreePorts(
  given: Partial<SamplePorts> = {},
  range: PortRange = usualRange,
): Promise<SamplePorts> {
  const taken = new Set(Object.values(given));
  const free = (): Promise<number> => findFreePort(range, taken);
  return {
    bridge: given.bridge ?? (await free()),
    brain: given.brain ?? (await free()),
    orchestrator: given.orchestrator ?? (await free()),
    hands: given.hands ?? (await free()),
    scheduler: given.scheduler ?? (await free()),
    bootManager: given.bootManager ?? (await free()),
    desktop: given.desktop ?? (await free()),
    voice: given.voice ?? (await free()),
  };
}

async function findFreePort({ first, count }: PortRange, taken: Set<number>): Promise<number> {
  for (;;) {
    const port = first + Math.floor(Math.random() * count);
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
