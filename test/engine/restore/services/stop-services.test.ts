import { spawn } from 'node:child_process';
import { readlinkSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { describeHolders, findHolders, proveStopped } from '../../../../src/engine/restore/services/prove-stopped.ts';
import { stopServices } from '../../../../src/engine/restore/services/stop-services.ts';
import { createPlace, endAfterTest, isRunning, readPids, waitFor } from './support/command-place.ts';
import { findFreePort, holderScript, portOf, spawnHolder, spawnPortHolder } from './support/spawn-holder.ts';

const signal = new AbortController().signal;
const limits = { deadlineMs: 700, settleMs: 300, signal };
/** For what stops: the wait ends with it, whenever the system gets to end it. */
const patient = { ...limits, deadlineMs: 15_000 };

test('With nobody on the ports and nobody in the databases, Codex has stopped, after the time to settle', async () => {
  const place = createPlace();
  const began = performance.now();
  const proof = await proveStopped({ ...limits, ports: [await findFreePort()], databases: [place.path('brain.db')] });
  expect(proof).toEqual({ kind: 'stopped' });
  expect(performance.now() - began).toBeGreaterThanOrEqual(300);
});

test.each(['127.0.0.1', '::', '0.0.0.0'])(
  'F81: a port that stays used on %s is named with its process',
  async (host) => {
    const holder = await spawnPortHolder('', host);
    const port = portOf(holder);
    const proof = await proveStopped({ ...limits, ports: [port], databases: [] });
    expect(proof).toMatchObject({ kind: 'running', cameBack: false, holders: { ports: [{ port, pid: holder.pid }] } });
    // It was not asked: Codex's stop script would kill whoever is connected.
    expect(holder.output()).not.toMatch(/connections [1-9]/);
    await holder.kill();
    expect(await proveStopped({ ...limits, ports: [port], databases: [] })).toEqual({ kind: 'stopped' });
  },
);

test.each(['delete', 'wal'])('F82: a process that has the Brain open (%s) is named', async (mode) => {
  const place = createPlace();
  const brain = place.path('brain.db');
  const holder = await spawnHolder('sqlite-holder.mjs', brain, mode);
  const proof = await proveStopped({ ...limits, ports: [], databases: [brain] });
  if (proof.kind !== 'running') throw new Error('the open database was not noticed');
  expect(new Set(proof.holders.handles.map(({ pid }) => pid))).toEqual(new Set([holder.pid]));
  expect(describeHolders(proof.holders)[0]).toContain(`(pid ${holder.pid}) has ${brain} open`);
  await holder.kill();
  expect(await proveStopped({ ...limits, ports: [], databases: [brain] })).toEqual({ kind: 'stopped' });
});

test('F81, F82: a process of which the system tells nothing does not hide the others', async () => {
  const place = createPlace();
  const brain = place.path('brain.db');
  const strange = await spawnHolder('deep-holder.mjs', place.folder);
  const fd = /open (\d+)/.exec(strange.output())?.[1];
  if (process.platform === 'linux') {
    expect(() => readlinkSync(`/proc/${strange.pid}/fd/${fd}`)).toThrow(/ENAMETOOLONG/);
  }
  const inBrain = await spawnHolder('sqlite-holder.mjs', brain);
  const onPort = await spawnPortHolder();
  const holders = await findHolders({ ports: [portOf(onPort)], databases: [brain] });
  expect(holders.ports.map(({ pid }) => pid)).toEqual([onPort.pid]);
  expect(new Set(holders.handles.map(({ pid }) => pid))).toEqual(new Set([inBrain.pid]));
});

test('F82: our own handle on the Brain is a holder too, and named as ours', async () => {
  const place = createPlace();
  const brain = place.path('brain.db');
  const db = new Database(brain);
  onTestFinished(() => void db.close());
  db.exec('CREATE TABLE t(a)');
  const holders = await findHolders({ ports: [], databases: [brain] });
  expect(describeHolders(holders)).toEqual([`this program (pid ${process.pid}) has ${brain} open`]);
});

test('A service that takes its time to stop is waited for', async () => {
  const holder = await spawnPortHolder('500');
  const proof = await proveStopped({ ...patient, ports: [portOf(holder)], databases: [] });
  expect(proof.kind).toBe('stopped');
});

test('F81: a service that is started again when it ends is noticed, though it was gone for a moment', async () => {
  const place = createPlace();
  const port = await findFreePort();
  const script = `while [ -e respawn ]; do ${process.execPath} ${holderScript('port-holder.mjs')} ${port} 300 > out.txt; sleep 0.5; done`;
  writeFileSync(place.path('respawn'), '');
  const respawner = spawn('/bin/sh', ['-c', script], { cwd: place.folder, stdio: 'ignore', detached: true });
  const { pid } = respawner;
  if (pid === undefined) throw new Error('sh was not started');
  onTestFinished(() => void process.kill(-pid, 'SIGKILL'));
  await waitFor(
    'the service to listen',
    async () => (await findHolders({ ports: [port], databases: [] })).ports.length > 0,
  );
  // However long a start takes, it is not taken for the end.
  const proof = await proveStopped({ ...limits, settleMs: 30_000, deadlineMs: 3000, ports: [port], databases: [] });
  expect(proof).toMatchObject({ kind: 'running', cameBack: true });
});

test('Waiting for the end can be cancelled', async () => {
  const holder = await spawnPortHolder();
  const cancel = new AbortController();
  const proof = proveStopped({
    ...limits,
    deadlineMs: 60_000,
    signal: cancel.signal,
    ports: [portOf(holder)],
    databases: [],
  });
  cancel.abort();
  expect(await proof).toEqual({ kind: 'cancelled' });
});

test('A stop command that works once is run once', async () => {
  const place = createPlace();
  const holder = await spawnPortHolder();
  const stop = place.options([place.script('stop', `kill -9 ${holder.pid}`)]);
  const result = await stopServices({ ...stop, ...patient, ports: [portOf(holder)], databases: [] });
  expect(result).toMatchObject({ kind: 'stopped', commands: [{ kind: 'exited', code: 0 }] });
});

test('F81: a service that ignores the first stop is stopped by the second', async () => {
  const place = createPlace();
  const holder = await spawnPortHolder();
  // It ends when the service has: the proof has little time, so that it fails the first time.
  const kill = `kill -9 ${holder.pid}; while kill -0 ${holder.pid}; do sleep 0.02; done`;
  const script = `if [ -e once ]; then ${kill}; else touch once; exit 1; fi`;
  const stop = place.options([place.script('stop', script)]);
  const result = await stopServices({ ...stop, ...limits, ports: [portOf(holder)], databases: [] });
  expect(result).toMatchObject({ kind: 'stopped', commands: [{ code: 1 }, { code: 0 }] });
});

test('F81: what ignores SIGTERM and the stop command is reported with what it holds, and goes on', async () => {
  const place = createPlace();
  const brain = place.path('brain.db');
  const holder = await spawnHolder('sqlite-holder.mjs', brain);
  const port = await spawnPortHolder();
  const stop = place.options([place.script('stop', `echo "could not kill" >&2; exit 1`)]);
  const result = await stopServices({ ...stop, ...limits, ports: [portOf(port)], databases: [brain] });
  if (result.kind !== 'running') throw new Error(`the result is ${result.kind}`);
  expect(result.commands).toHaveLength(2);
  expect(result.commands[0]?.output).toBe('could not kill\n');
  expect(result.reason).toBe(
    `Codex did not stop ("${place.path('stop')}" ended with code 1): ${describeHolders(result.holders).join('; ')}.`,
  );
  expect(result.reason).toContain(`(pid ${port.pid}) listens on port ${portOf(port)}`);
  expect([holder.isRunning(), port.isRunning()]).toEqual([true, true]);
});

test('F81: a stop command that hangs is ended at its limit and does not matter if Codex has stopped', async () => {
  const place = createPlace();
  const holder = await spawnPortHolder();
  const script = `trap '' TERM\nkill -9 ${holder.pid}\nsleep infinity & echo $! > left.pid\nwhile :; do sleep 1; done`;
  const stop = place.options([place.script('stop', script)], { timeoutMs: 6000 });
  const result = await stopServices({ ...stop, ...patient, ports: [portOf(holder)], databases: [] });
  expect(result).toMatchObject({ kind: 'stopped', commands: [{ kind: 'timed-out' }] });
  const left = readPids(place.folder);
  for (const pid of left) endAfterTest(pid);
  expect(left).toHaveLength(1);
  expect(left.filter(isRunning)).toEqual([]);
});

test('A stop command that is not there is tried once, and is no harm where nothing runs', async () => {
  const place = createPlace();
  const holder = await spawnPortHolder();
  const ports = [portOf(holder)];
  const result = await stopServices({ ...place.options(['no-such-stop']), ...limits, ports, databases: [] });
  expect(result).toMatchObject({ kind: 'running', commands: [{ kind: 'not-found' }] });
  await holder.kill();
  const idle = await stopServices({ ...place.options(['no-such-stop']), ...limits, ports, databases: [] });
  expect(idle.kind).toBe('stopped');
});
