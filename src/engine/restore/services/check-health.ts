import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { systemErrorCode } from '../../../shared/app-error.ts';
import type { ServiceHealth } from '../../../shared/restore-plan.ts';
import { pause } from './prove-stopped.ts';
import { readServiceName } from './read-service-name.ts';

/** What one health address said. */
export type AddressHealth =
  | ({ readonly kind: 'healthy'; readonly status: number } & ServiceHealth)
  | { readonly url: string; readonly kind: 'unhealthy'; readonly problem: string };

const requestMs = 2000;

/** Asks each address once. Healthy is a status from 200 to 399. Never fails. */
export async function checkHealth(urls: readonly string[], signal: AbortSignal): Promise<readonly AddressHealth[]> {
  return Promise.all(urls.map((url) => askAddress(url, signal)));
}

export interface HealthOptions {
  readonly urls: readonly string[];
  /** When they must have begun to be healthy. */
  readonly deadlineMs: number;
  /** How long all must then stay healthy: a service may answer once and die. */
  readonly stableMs: number;
  readonly signal: AbortSignal;
  /** False ends the waiting: what was to become healthy has ended. */
  readonly isWorthwhile?: () => boolean;
}

export interface HealthResult {
  readonly kind: 'healthy' | 'unhealthy' | 'cancelled';
  /** The last answers. */
  readonly addresses: readonly AddressHealth[];
  /** All were healthy for a while, and then not any more. */
  readonly wereHealthy: boolean;
}

/** Asks until all addresses are healthy and stay so, or until the deadline. */
export async function waitForHealth(options: HealthOptions): Promise<HealthResult> {
  const { urls, deadlineMs, stableMs, signal, isWorthwhile = () => true } = options;
  const beganMs = performance.now();
  let healthySinceMs: number | undefined;
  let wereHealthy = false;
  let addresses: readonly AddressHealth[] = [];
  while (!signal.aborted) {
    // Asked first: what ends while it is asked may have been healthy a moment ago.
    const isLast = !isWorthwhile();
    addresses = await checkHealth(urls, signal);
    const nowMs = performance.now();
    const isHealthy = addresses.every(({ kind }) => kind === 'healthy');
    if (isHealthy) {
      healthySinceMs ??= nowMs;
      if (nowMs - healthySinceMs >= stableMs) return { kind: 'healthy', addresses, wereHealthy: true };
    } else {
      wereHealthy ||= healthySinceMs !== undefined;
      healthySinceMs = undefined;
    }
    if (isLast || (!isHealthy && nowMs - beganMs > deadlineMs)) {
      return { kind: 'unhealthy', addresses, wereHealthy };
    }
    await pause(Math.min(250, stableMs / 4 + 20), signal);
  }
  return { kind: 'cancelled', addresses, wereHealthy };
}

/** The addresses that are not healthy, as a list for the user. */
export function describeUnhealthy(addresses: readonly AddressHealth[]): readonly string[] {
  return addresses.flatMap((address) => (address.kind === 'healthy' ? [] : [`${address.url} ${address.problem}`]));
}

function askAddress(url: string, signal: AbortSignal): Promise<AddressHealth> {
  return new Promise((resolve) => {
    let answer: AddressHealth = { url, kind: 'unhealthy', problem: `did not answer within ${requestMs / 1000} s` };
    const unhealthy = (problem: string): AddressHealth => ({ url, kind: 'unhealthy', problem });
    const address = URL.canParse(url) ? new URL(url) : undefined;
    if (address === undefined || !['http:', 'https:'].includes(address.protocol)) {
      resolve(unhealthy('is not an http address'));
      return;
    }
    const request = address.protocol === 'https:' ? requestHttps : requestHttp;
    const beganMs = performance.now();
    // A connection that stays open, even in a pool, is found by Codex's stop script, which kills who holds it.
    const asked = request(address, { agent: false, headers: { connection: 'close', accept: '*/*' } });
    const timer = setTimeout(() => asked.destroy(), requestMs);
    const abort = (): void => {
      asked.destroy();
    };
    signal.addEventListener('abort', abort);
    let reading = Promise.resolve();
    asked.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const milliseconds = Math.round(performance.now() - beganMs);
      if (status < 200 || status >= 400) {
        answer = unhealthy(`answered ${status}`);
        asked.destroy();
        return;
      }
      reading = readServiceName(response).then((service) => {
        answer = { url, kind: 'healthy', status, service, milliseconds };
        asked.destroy();
      });
    });
    asked.on('error', (error) => {
      if (answer.kind === 'unhealthy' && !signal.aborted) answer = unhealthy(describeError(error, answer.problem));
    });
    asked.on('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      void reading.then(() => resolve(answer));
    });
    if (signal.aborted) asked.destroy();
    asked.end();
  });
}

function describeError(error: Error, otherwise: string): string {
  const code = systemErrorCode(error);
  if (code === 'ECONNREFUSED') return 'refuses connections: nobody listens there';
  // A request that we ended ourselves, at the time limit.
  if (code === 'ECONNRESET' && error.message === 'socket hang up') return otherwise;
  return `could not be asked: ${code ?? error.message}`;
}
