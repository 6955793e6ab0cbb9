import { onTestFinished } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { createHost, type PanelHost } from '../../src/engine-host/create-host.ts';
import type { HostOptions } from '../../src/engine-host/host-options.ts';
import { createClient, type PanelClient } from '../../src/shared/protocol/client.ts';
import type { PanelEvent } from '../../src/shared/protocol/events.ts';
import { createMemoryCarrier } from '../../src/shared/protocol/memory-carrier.ts';
import { createMemoryEngine } from '../cli/support/memory-engine.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A host of an engine that answers what a test gives it; nobody watches unless the test says so. */
export async function createMemoryHost(
  answers: Partial<Engine>,
  options: Partial<HostOptions> = {},
): Promise<{ readonly host: PanelHost; readonly defects: string[] }> {
  const defects: string[] = [];
  const stamps = async () => ({ snapshots: '', locks: '', settings: '', restores: '' });
  const host = await createHost({
    createEngine: async () => createMemoryEngine({ stamps, ...answers }),
    place: {},
    about: { version: '2', nodeVersion: 'v24', platform: 'linux', byteBase: 1024, shell: 'browser', logFolder: '/log' },
    logger: { ...silent, error: (message) => defects.push(message) },
    now: () => Date.now(),
    watches: false,
    ...options,
  });
  onTestFinished(() => host.close());
  return { host, defects };
}

/** A window within this process, with all that it was told. */
export function openWindow(host: Pick<PanelHost, 'serve'>): PanelClient & { readonly told: PanelEvent[] } {
  const client = createClient(createMemoryCarrier(host.serve));
  const told: PanelEvent[] = [];
  client.onEvent((event) => told.push(event));
  onTestFinished(() => client.close());
  return Object.assign(client, { told });
}

/** Resolves with the first event that fits, told already or still to come. */
export function untilTold<Kind extends PanelEvent['kind']>(
  window: PanelClient & { readonly told: readonly PanelEvent[] },
  kind: Kind,
  fits: (event: Extract<PanelEvent, { kind: Kind }>) => boolean = () => true,
): Promise<Extract<PanelEvent, { kind: Kind }>> {
  const isWanted = (event: PanelEvent): event is Extract<PanelEvent, { kind: Kind }> => event.kind === kind;
  const found = window.told.filter(isWanted).find(fits);
  if (found !== undefined) return Promise.resolve(found);
  return new Promise((resolve) => {
    const stop = window.onEvent((event) => {
      if (!isWanted(event) || !fits(event)) return;
      stop();
      resolve(event);
    });
  });
}
