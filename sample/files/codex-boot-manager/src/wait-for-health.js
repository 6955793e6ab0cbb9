import { setTimeout } from 'node:timers/promises';
import { request } from '@codex/shared';

/** Resolves when every service answers `GET /health`; throws after that many seconds, naming one that doesn't. */
export async function waitForHealth(services, seconds) {
  const deadline = Date.now() + seconds * 1000;
  for (const service of services) {
    while (!(await isHealthy(service))) {
      if (Date.now() > deadline) throw new Error(`${service.name} is not healthy; see logs/${service.name}.log`);
      await setTimeout(50);
    }
  }
}

async function isHealthy({ port, name }) {
  try {
    return (await request(port, '/health')).service === name;
  } catch {
    return false; // not up yet
  }
}
