import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { parseListeners } from '../../../src/engine/platform/port-holders.darwin.ts';
import { parseListening } from '../../../src/engine/platform/port-holders.linux.ts';
import { beganAtMs as beganOnMac, parseProcesses } from '../../../src/engine/platform/process-list.darwin.ts';
import { parseStat } from '../../../src/engine/platform/process-list.linux.ts';
import { beganAtMs, findMarked, listProcesses } from '../../../src/engine/platform/process-list.ts';

test('A process is found by its mark, with its parent, its group and a start that stays the same', async () => {
  const first = randomUUID();
  const value = `${first} two`;
  const env = { ...process.env, TEST_MARK: value };
  const child = spawn('sleep', ['100'], { detached: true, stdio: 'ignore', env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const find = async () => (await listProcesses()).find(({ pid }) => pid === child.pid);
  const found = await find();
  expect(found).toMatchObject({ parent: process.pid, group: child.pid });
  expect(await find()).toEqual({ ...found, command: expect.any(String) });
  expect(await findMarked({ name: 'TEST_MARK', value })).toEqual([child.pid]);
  expect(await findMarked({ name: 'TEST_MARK', value: first })).toEqual([]);
  expect(await findMarked({ name: 'MARK', value })).toEqual([]);
});

test('A process tells when it began, on the clock of this computer', async () => {
  const before = Date.now();
  const child = spawn('sleep', ['100'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const found = (await listProcesses()).find(({ pid }) => pid === child.pid);
  const began = found === undefined ? Number.NaN : beganAtMs(found);
  expect(began).toBeGreaterThan(before - 2000);
  expect(began).toBeLessThan(Date.now() + 2000);
});

test("macOS's start of a process is read in UTC", () => {
  const process = { pid: 501, parent: 1, group: 501, startedAt: 'Sun Nov  2 09:05:04 2026', command: 'app' };
  expect(beganOnMac(process)).toBe(Date.UTC(2026, 10, 2, 9, 5, 4));
});

test('A name with brackets and spaces does not move the fields, and one that has ended is not listed', () => {
  const rest = '1 40 40 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 98765 0 0';
  expect(parseStat(`42 (a) S (b ) S ${rest}`, 'boot')).toEqual({
    pid: 42,
    parent: 1,
    group: 40,
    startedAt: 'boot:98765',
    command: 'a) S (b ',
  });
  expect(parseStat(`42 (sh) Z ${rest}`, 'boot')).toBeUndefined();
});

test("macOS's ps is read: names with spaces, and without those that have ended", () => {
  const output = [
    '  501     1   501 Ss   Sun Nov 22 19:55:54 2026 /Applications/My App.app/Contents/MacOS/My App',
    '99999 501   501 S+   Sun Nov  2 09:05:04 2026 npm run codex:start',
    '  600   501   501 Z    Sun Nov 22 19:55:54 2026 (node)',
    '',
  ].join('\n');
  expect(parseProcesses(output)).toEqual([
    {
      pid: 501,
      parent: 1,
      group: 501,
      startedAt: 'Sun Nov 22 19:55:54 2026',
      command: '/Applications/My App.app/Contents/MacOS/My App',
    },
    { pid: 99999, parent: 501, group: 501, startedAt: 'Sun Nov  2 09:05:04 2026', command: 'npm run codex:start' },
  ]);
});

test('Only sockets that listen count, on IPv4 and IPv6', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1004 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1',
    '   1: 0100007F:1004 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 222 1',
    '   2: 00000000000000000000000000000000:1004 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 333 1',
    '   3: 0100007F:1005 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 444 1',
  ].join('\n');
  expect(parseListening(table, new Set([0x1004]))).toEqual([
    ['socket:[111]', 0x1004],
    ['socket:[333]', 0x1004],
  ]);
});

test("macOS's lsof is read: each process and port once", () => {
  const output = 'p12\ncnode\nf20\nn127.0.0.1:4100\nf21\nn[::1]:4100\nf22\nn*:4000\np13\ncPython\nf3\nn*:9001\n';
  expect(parseListeners(output)).toEqual([
    { port: 4100, pid: 12, command: 'node' },
    { port: 4000, pid: 12, command: 'node' },
    { port: 9001, pid: 13, command: 'Python' },
  ]);
});
