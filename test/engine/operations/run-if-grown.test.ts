import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/engine/platform/clock.ts';
import { acquireLock } from '../../../src/engine/platform/locks.ts';
import { endingOf, launcher } from '../../cli/support/spawn-cli.ts';
import { createSmallCodex, type SmallCodex } from '../../helpers/small-codex.ts';

const grow = (bytes: number) => `INSERT INTO events (kind, json) VALUES ('TurnAppended', hex(zeroblob(${bytes / 2})))`;

/** Runs the command line as the hand-over script does for a caller that stands in the Brain's folder. */
async function runForBrain({ root, home }: SmallCodex) {
  const caller = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
    cwd: join(root, 'codex-brain'),
  });
  onTestFinished(() => void caller.kill('SIGKILL'));
  await once(caller, 'spawn');
  const env = { ...process.env, CODEX_BACKUP_HOME: home, CODEX_BACKUP_CALLER_PID: String(caller.pid) };
  return endingOf(spawn(process.execPath, [launcher, 'run', '--json', '--root', root], { env }));
}

/** Another process that holds the writer lock, as one that takes a snapshot. */
async function holdWriterLock({ backups }: SmallCodex): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('../../helpers/lock-holder.ts', import.meta.url));
  const child = fork(script, [join(backups, '.locks')], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  return child;
}

test("a call of Codex's own watcher takes a snapshot over the threshold, and else is saved already", async () => {
  const codex = createSmallCodex();
  const first = await codex.engine.run({ trigger: 'manual' });
  codex.change(grow(20_000));
  const small = await runForBrain(codex);
  expect(small.code).toBe(0);
  expect(JSON.parse(small.out)).toMatchObject({ ok: true, snapshot: null });
  expect(JSON.parse(small.out).reason).toContain(`Already saved in ${first.id}`);

  codex.change(grow(60_000));
  const large = await runForBrain(codex);
  expect(large.code).toBe(0);
  expect(JSON.parse(large.out)).toMatchObject({ snapshot: { trigger: 'growth', status: 'verified' } });
  expect(await codex.engine.list()).toHaveLength(2);
});

test('without any good copy it takes one', async () => {
  const { engine } = createSmallCodex();
  expect((await engine.runIfGrown({ trigger: 'growth' })).snapshot).toMatchObject({ trigger: 'growth' });
});

test('it waits for a snapshot that is being taken, and then looks what that has saved', async () => {
  const codex = createSmallCodex();
  await codex.engine.run({ trigger: 'manual' });
  codex.change(grow(60_000));
  const holder = await holdWriterLock(codex);
  await expect(codex.engine.run({ trigger: 'manual' })).rejects.toMatchObject({ code: 'busy' });
  let isDone = false;
  const waiting = codex.engine.runIfGrown({ trigger: 'growth' }).then((result) => {
    isDone = true;
    return result;
  });
  await expect(codex.engine.run({ trigger: 'manual' })).rejects.toMatchObject({ code: 'busy' });
  expect(isDone).toBe(false);
  holder.kill('SIGKILL');
  expect((await waiting).snapshot).toMatchObject({ trigger: 'growth' });

  await holdWriterLock(codex);
  const abort = new AbortController();
  const cancelled = codex.engine.runIfGrown({ trigger: 'growth', signal: abort.signal });
  abort.abort();
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
});

test('during a restore it says so, and is done', async () => {
  const codex = createSmallCodex();
  const folder = join(codex.root, '../.Codex-restores');
  const lock = await acquireLock({ folder, name: 'root', mode: 'exclusive', what: 'restore', clock: systemClock });
  onTestFinished(() => lock.release());
  const { snapshot, reason } = await codex.engine.runIfGrown({ trigger: 'growth' });
  expect(snapshot).toBeNull();
  expect(reason).toContain('restore');
});
