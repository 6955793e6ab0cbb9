import { describe, test } from 'vitest';
import { findChromium } from '../../helpers/find-chromium.ts';
import type { AppHost } from './app-driver.ts';
import { findElectronHost } from './electron-host.ts';
import { standInHost } from './stand-in-host.ts';

/** For a machine that has much else to do; alone each takes seconds. */
const timeoutMs = 240_000;

/** The tests on every host that is here; the titles say on which. */
export function describeOnHosts(title: string, tests: (host: AppHost) => void): void {
  const hosts = listHosts();
  for (const host of hosts)
    if ('launch' in host) describe(`${title} (on ${host.name})`, { timeout: timeoutMs }, () => tests(host));
  const reasons = hosts.map((host) => ('reason' in host ? host.reason : ''));
  // So that the run says what it didn't look at.
  if (reasons.every((reason) => reason !== ''))
    test.skip(`${title} (on no host: ${reasons.join('; ')})`, () => undefined);
}

/** Both hosts, or why one isn't here. */
export function listHosts(): readonly (AppHost | { readonly reason: string })[] {
  return [lookForStandIn(), findElectronHost()];
}

function lookForStandIn(): AppHost | { readonly reason: string } {
  try {
    findChromium();
    return standInHost;
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
