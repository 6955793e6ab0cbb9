import { setTimeout as delay } from 'node:timers/promises';
import { sideSuffixes } from '../../brain/side-files.ts';
import { findOpenHandles, type OpenHandle } from '../../platform/open-handles.ts';
import { findPortHolders, type PortHolder } from '../../platform/port-holders.ts';

export interface StoppedOptions {
  /** The ports of Codex's services. */
  readonly ports: readonly number[];
  /** Full paths of the databases that nobody may have open. */
  readonly databases: readonly string[];
  /** How long to wait for everything to be gone. */
  readonly deadlineMs: number;
  /** How long it must then stay so: what restarts its services by itself has not stopped. */
  readonly settleMs?: number;
  readonly signal: AbortSignal;
}

/** Who keeps Codex from being stopped: those who listen on its ports, and those who have its databases open. */
export interface Holders {
  readonly ports: readonly PortHolder[];
  readonly handles: readonly OpenHandle[];
}

export type StopProof =
  | { readonly kind: 'stopped' }
  | {
      readonly kind: 'running';
      readonly holders: Holders;
      /** It was gone, and came back. */
      readonly cameBack: boolean;
    }
  | { readonly kind: 'cancelled' };

const pollMs = 150;

/** Watches until nobody holds a port or a database of Codex and it stays so, or until the deadline. */
export async function proveStopped(options: StoppedOptions): Promise<StopProof> {
  const { deadlineMs, settleMs = 2000, signal } = options;
  const beganMs = performance.now();
  let freeSinceMs: number | undefined;
  let cameBack = false;
  while (!signal.aborted) {
    const holders = await findHolders(options);
    const nowMs = performance.now();
    if (isNobody(holders)) {
      freeSinceMs ??= nowMs;
      if (nowMs - freeSinceMs >= settleMs) return { kind: 'stopped' };
    } else {
      cameBack ||= freeSinceMs !== undefined;
      freeSinceMs = undefined;
      if (nowMs - beganMs > deadlineMs) return { kind: 'running', holders, cameBack };
    }
    await pause(pollMs, signal);
  }
  return { kind: 'cancelled' };
}

/** Looks once who holds a port or a database of Codex, its side files included. */
export async function findHolders({ ports, databases }: Pick<StoppedOptions, 'ports' | 'databases'>): Promise<Holders> {
  const files = databases.flatMap((path) => ['', ...sideSuffixes].map((end) => `${path}${end}`));
  return { ports: await findPortHolders(ports), handles: await findOpenHandles(files) };
}

const isNobody = ({ ports, handles }: Holders): boolean => ports.length === 0 && handles.length === 0;

/** Who holds what, as a list for the user: "node (pid 12) listens on port 4100". */
export function describeHolders({ ports, handles }: Holders): readonly string[] {
  return [
    ...ports.map(({ pid, command, port }) => `${describeProcess(pid, command)} listens on port ${port}`),
    ...handles.map(({ pid, command, path }) => `${describeProcess(pid, command)} has ${path} open`),
  ];
}

function describeProcess(pid: number | undefined, command: string): string {
  if (pid === process.pid) return `this program (pid ${pid})`;
  return pid === undefined ? 'a process of another user' : `${command} (pid ${pid})`;
}

/** Waits, or less when `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
