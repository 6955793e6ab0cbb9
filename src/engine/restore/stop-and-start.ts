import { AppError } from '../../shared/app-error.ts';
import type { ServiceHealth } from '../../shared/restore-plan.ts';
import type { JournaledServices } from './journal-records.ts';
import type { AddressHealth } from './services/check-health.ts';
import { describeHolders, findHolders, proveStopped } from './services/prove-stopped.ts';
import { startServices } from './services/start-services.ts';
import { stopServices } from './services/stop-services.ts';
import { commandOptions, inRoot, type Session } from './session.ts';

/** Whether anything of Codex runs: somebody holds one of its ports or databases. */
export async function isRunning(session: Session, services: JournaledServices): Promise<boolean> {
  const { ports, handles } = await findHolders({ ports: services.ports, databases: databasePaths(session, services) });
  return ports.length + handles.length > 0;
}

/** Stops Codex, and proves it. Throws `busy`, naming who still holds what. */
export async function stopCodex(session: Session, services: JournaledServices, signal: AbortSignal): Promise<void> {
  const { stopMs, stoppedMs } = session.context.serviceWaits;
  const result = await stopServices({
    ...(await commandOptions(session, { name: 'stop', purpose: 'services', command: services.stop, folder: '' })),
    command: services.stop,
    cwd: inRoot(session, ''),
    ports: services.ports,
    databases: databasePaths(session, services),
    deadlineMs: stopMs,
    settleMs: stoppedMs,
    signal,
  });
  if (result.kind === 'cancelled') throw cancelled(signal);
  if (result.kind === 'running') {
    throw new AppError('busy', result.reason, {
      hint: 'End those processes, then try again.',
      details: { output: result.commands.at(-1)?.output ?? '' },
    });
  }
}

/** Without stopping anything: throws `busy` when a process has one of the databases open. */
export async function refuseOpenDatabases(paths: readonly string[], signal: AbortSignal): Promise<void> {
  if (paths.length === 0) return;
  const proof = await proveStopped({ ports: [], databases: paths, deadlineMs: 0, settleMs: 0, signal });
  if (proof.kind === 'cancelled') throw cancelled(signal);
  if (proof.kind === 'stopped') return;
  throw new AppError('busy', `A database is in use: ${describeHolders(proof.holders).join('; ')}.`, {
    hint: 'Stop Codex, or leave --no-services out so that it is stopped for you.',
  });
}

/** Starts Codex, waits until it is healthy, and answers who has said so. Throws `io` with what it said. */
export async function startCodex(
  session: Session,
  services: JournaledServices,
  signal: AbortSignal,
): Promise<readonly ServiceHealth[]> {
  const { healthyMs, runningMs } = session.context.serviceWaits;
  const purpose = { name: 'start', purpose: 'services', command: services.start, folder: '' } as const;
  const { timeoutMs, ...options } = await commandOptions(session, purpose);
  const result = await startServices({
    ...options,
    command: services.start,
    cwd: inRoot(session, ''),
    healthUrls: services.healthUrls,
    healthMs: timeoutMs,
    stableMs: services.healthUrls.length === 0 ? runningMs : healthyMs,
    signal,
  });
  if (result.kind === 'started') return result.addresses.flatMap(healthOf);
  if (result.kind === 'cancelled') throw cancelled(signal);
  const reason =
    result.kind === 'failed' ? result.reason : `"${services.start[0] ?? ''}" was not found in the login shell's PATH.`;
  const output = result.kind === 'failed' ? result.output : '';
  throw new AppError('io', withLastLines(reason, output), {
    hint: `The log is ${options.logFile}.`,
    details: { output },
  });
}

function healthOf(address: AddressHealth): readonly ServiceHealth[] {
  if (address.kind === 'unhealthy') return [];
  const { url, service, milliseconds } = address;
  return [{ url, service, milliseconds }];
}

/** A sentence, and under it the last lines of what a command wrote. */
export function withLastLines(sentence: string, output: string): string {
  const lines = output
    .trimEnd()
    .split('\n')
    .slice(-8)
    .filter((line) => line.trim() !== '');
  return lines.length === 0 ? sentence : `${sentence} Its last lines: ${lines.join(' | ')}`;
}

export function cancelled(signal: AbortSignal): AppError {
  return new AppError('cancelled', 'The restore was cancelled.', { cause: signal.reason });
}

const databasePaths = (session: Session, services: JournaledServices): readonly string[] =>
  services.databases.map((path) => inRoot(session, path));
