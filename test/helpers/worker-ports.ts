import { createServer } from 'node:net';
import { chooseFreePorts, type PortRange, type SamplePorts } from '../../sample/free-ports.ts';

/** Above 10080, which `fetch` refuses: a bad port of the Fetch standard, by which no service would ever be healthy. */
const firstPort = 10_200;
const ranges = 16;
const portsPerRange = 300;

let ownRange: Promise<PortRange> | undefined;

/**
 * Ports for a sample whose services run, from a range that this test process has to itself, below that of samples which
 * the program makes: while one is stopped, as in a restore, no other test may take its ports, whoever runs it.
 */
export async function chooseWorkerPorts(given: Partial<SamplePorts> = {}): Promise<SamplePorts> {
  ownRange ??= holdRange();
  return chooseFreePorts(given, await ownRange);
}

/** Who listens on the first port of a range has it, until its process ends. */
async function holdRange(): Promise<PortRange> {
  const start = Math.floor(Math.random() * ranges);
  for (let step = 0; step < ranges; step += 1) {
    const first = firstPort + ((start + step) % ranges) * portsPerRange;
    if (await hold(first)) return { first: first + 1, count: portsPerRange - 1 };
  }
  throw new Error(`Test processes, or others, listen on the first port of each of ${ranges} ranges.`);
}

function hold(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => {
      server.unref();
      resolve(true);
    });
  });
}
