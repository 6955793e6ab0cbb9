import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/engine/platform/clock.ts';
import { acquireLock, type LockRequest, readHolder } from '../../../src/engine/platform/locks.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const request = (folder: string, given: Partial<LockRequest> = {}): LockRequest => ({
  folder,
  name: 'writer',
  mode: 'exclusive',
  what: 'snapshot',
  clock: systemClock,
  ...given,
});

const busy = async (attempt: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError && error.code === 'busy') return error;
  throw new Error(`expected busy, got ${String(error)}`);
};

/** Another process that holds the lock until it is ended. */
async function startHolder(folder: string): Promise<ReturnType<typeof fork>> {
  const child = fork(new URL('../../helpers/lock-holder.ts', import.meta.url), [folder], { stdio: 'inherit' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  return child;
}

test('a second writer is told who is at work', async () => {
  const folder = temporaryFolder();
  const child = await startHolder(folder);
  const error = await busy(acquireLock(request(folder)));
  expect(error.message).toContain(`Process ${child.pid}`);
  expect(error.message).toContain('snapshot');
  expect(await readHolder(folder, 'writer', systemClock)).toMatchObject({ pid: child.pid, what: 'snapshot' });
});

test('C47: the lock of a holder that was killed is taken over at once', async () => {
  const folder = temporaryFolder();
  const child = await startHolder(folder);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(join(folder, 'writer.json'))).toBe(true);
  expect(await readHolder(folder, 'writer', systemClock)).toBeNull();
  (await acquireLock(request(folder))).release();
});

test('C48: a holder file that names a living process means nothing without the lock', async () => {
  const folder = temporaryFolder();
  const now = new Date().toISOString();
  writeFileSync(
    join(folder, 'writer.json'),
    JSON.stringify({ pid: process.ppid, host: 'here', startedAt: now, what: 'snapshot', heartbeatAt: now }),
  );
  (await acquireLock(request(folder))).release();
});

test('C49: a holder that hangs keeps the lock, and its silence is told', async () => {
  const folder = temporaryFolder();
  const child = await startHolder(folder);
  child.kill('SIGSTOP');
  await expect
    .poll(() => execFileSync('ps', ['-o', 'state=', '-p', `${child.pid}`], { encoding: 'utf8' }))
    .toMatch(/^T/);
  const { heartbeatAt } = JSON.parse(readFileSync(join(folder, 'writer.json'), 'utf8'));
  const later = { now: () => Date.parse(heartbeatAt) + 60_000 };
  const error = await busy(acquireLock(request(folder, { clock: later })));
  expect(error.message).toContain('no sign of life for 60 s');
});

test('readers share a lock, and keep a writer of it out', async () => {
  const folder = temporaryFolder();
  const first = await acquireLock(request(folder, { name: 'removal', mode: 'shared' }));
  const second = await acquireLock(request(folder, { name: 'removal', mode: 'shared' }));
  await busy(acquireLock(request(folder, { name: 'removal' })));
  first.release();
  await busy(acquireLock(request(folder, { name: 'removal' })));
  second.release();
  const writer = await acquireLock(request(folder, { name: 'removal' }));
  await busy(acquireLock(request(folder, { name: 'removal', mode: 'shared' })));
  writer.release();
  writer.release();
});

test('a lock that this very process holds is waited for, and its holder can go on meanwhile', async () => {
  const folder = temporaryFolder();
  const reader = await acquireLock(request(folder, { name: 'root', mode: 'shared' }));
  const waiting = acquireLock(request(folder, { name: 'root', waitMs: 2000 }));
  // Both have tried by now.
  await busy(acquireLock(request(folder, { name: 'root' })));
  reader.release();
  (await waiting).release();
});

test('a lock that is not given up is waited for so long and no longer', async () => {
  const folder = temporaryFolder();
  const reader = await acquireLock(request(folder, { name: 'root', mode: 'shared' }));
  const beganMs = performance.now();
  await busy(acquireLock(request(folder, { name: 'root', waitMs: 700 })));
  expect(performance.now() - beganMs).toBeGreaterThanOrEqual(700);
  reader.release();
});

test('waiting for a lock ends when it is cancelled', async () => {
  const folder = temporaryFolder();
  const reader = await acquireLock(request(folder, { name: 'root', mode: 'shared' }));
  const signal = AbortSignal.abort(new AppError('cancelled', 'Cancelled.', {}));
  const waiting = acquireLock(request(folder, { name: 'root', waitMs: 30_000, signal }));
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  reader.release();
});

test('one who only looks is no reason to refuse a writer, who then finds the lock free', async () => {
  const folder = temporaryFolder();
  const look = await acquireLock(request(folder, { mode: 'shared', what: 'look' }));
  const writing = acquireLock(request(folder));
  // Both have met the lock by now.
  await expect(Promise.race([writing, setImmediate('waits')])).resolves.toBe('waits');
  look.release();
  (await writing).release();
});

test('to ask who holds a lock that nobody announces touches no lock', async () => {
  const folder = temporaryFolder();
  expect(await readHolder(folder, 'writer', systemClock)).toBeNull();
  expect(readdirSync(folder)).toEqual([]);
});
