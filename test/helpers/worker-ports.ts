import { chooseFreePorts, type SamplePorts } from '../../sample/free-ports.ts';

const portsPerWorker = 600;

/**
 * Ports for a sample whose services run, from a range that this test worker has to itself, below that of samples which
 * the program makes: while one is stopped, as in a restore, no other worker of this run may take its ports.
 */
export function chooseWorkerPorts(given: Partial<SamplePorts> = {}): Promise<SamplePorts> {
  const worker = Number(process.env['VITEST_POOL_ID'] ?? 0);
  return chooseFreePorts(given, { first: 10_000 + (worker % 8) * portsPerWorker, count: portsPerWorker });
}
