import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callerPidVariable, readCallerFacts } from '../../../src/engine/platform/caller-facts.ts';
import { readProcessFacts as readOnDarwin } from '../../../src/engine/platform/process-facts.darwin.ts';
import { readProcessFacts as readOnLinux } from '../../../src/engine/platform/process-facts.linux.ts';
import { type CallerFacts, detectTrigger } from '../../../src/engine/platform/trigger-source.ts';

describe('detectTrigger', () => {
  const cases: readonly (readonly [title: string, facts: CallerFacts, trigger: string])[] = [
    [
      'the Boot Manager by its folder',
      { cwd: '/home/u/Codex/codex-boot-manager', command: 'node dist/index.js', lifecycleEvent: 'codex:start' },
      'boot',
    ],
    [
      'the Boot Manager by its command line',
      { cwd: '/home/u/Codex', command: 'node codex-boot-manager/dist/index.js', lifecycleEvent: 'codex:start' },
      'boot',
    ],
    [
      "the Brain by its folder, under the Boot Manager's npm variables",
      { cwd: '/home/u/Codex/codex-brain', command: 'node dist/index.js', lifecycleEvent: 'codex:start' },
      'growth',
    ],
    [
      'the Brain that npm started',
      { cwd: '/home/u/Codex/codex-brain', command: 'node dist/index.js', lifecycleEvent: 'start' },
      'growth',
    ],
    [
      'the Brain by its command line',
      { cwd: '/', command: '/usr/bin/node /home/u/Codex/codex-brain/dist/index.js' },
      'growth',
    ],
    [
      'npm run codex:backup',
      { cwd: '/home/u/Codex', command: 'npm run codex:backup', lifecycleEvent: 'codex:backup' },
      'manual',
    ],
    [
      "npm run codex:backup from the Brain's folder",
      { cwd: '/home/u/Codex/codex-brain', command: 'npm run codex:backup', lifecycleEvent: 'codex:backup' },
      'manual',
    ],
    [
      "npm's shell, in a path that names the Brain",
      { cwd: '/home/u/Codex', command: 'sh -c node /u/codex-brain/../x.js', lifecycleEvent: 'codex:backup' },
      'manual',
    ],
    ["a prompt in the Brain's folder", { cwd: '/home/u/Codex/codex-brain', command: '-zsh' }, 'manual'],
    [
      "a login shell in the Brain's folder",
      { cwd: '/home/u/Codex/codex-brain', command: '/bin/bash --login' },
      'manual',
    ],
    ["the Brain's own shell", { cwd: '/home/u/Codex/codex-brain', command: 'sh -c ./back-up.sh' }, 'growth'],
    ['a folder that only ends alike', { cwd: '/home/u/my-codex-brain', command: 'node x.js' }, 'manual'],
    ['cron', { cwd: '/root', command: '/usr/sbin/cron -f' }, 'manual'],
    ['nothing that can be seen', {}, 'manual'],
  ];
  it.each(cases)('knows %s', (_title, facts, trigger) => {
    expect(detectTrigger(facts)).toBe(trigger);
  });
});

describe('readCallerFacts', () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'trigger-test-')));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const readers = [
    { name: 'proc', read: readOnLinux, works: existsSync('/proc/self/cwd') },
    {
      name: 'lsof and ps',
      read: readOnDarwin,
      works: ['/usr/sbin/lsof', '/usr/bin/lsof'].some((path) => existsSync(path)),
    },
  ];
  for (const { name, read, works } of readers) {
    it.skipIf(!works)(`reads another process's folder and command line by ${name}`, async () => {
      const place = join(folder, 'codex-brain é');
      mkdirSync(place);
      const script = 'process.stdout.write("up"); setInterval(() => undefined, 1000)';
      const child = spawn(process.execPath, ['-e', script, 'an argument'], {
        cwd: place,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      try {
        await new Promise((resolve) => child.stdout.once('data', resolve));
        const facts = read(child.pid ?? 0);
        expect(facts.command).toContain('an argument');
        expect(facts.cwd).toBe(place);
      } finally {
        child.kill('SIGKILL');
      }
      await new Promise((resolve) => child.once('close', resolve));
      expect(read(child.pid ?? 0)).toEqual({});
    });
  }

  it('asks about the pid that the hand-over script passes, else about the parent', () => {
    const own = { [callerPidVariable]: String(process.pid), npm_lifecycle_event: 'codex:start' };
    expect(readCallerFacts(own, 1)).toMatchObject({ cwd: process.cwd(), lifecycleEvent: 'codex:start' });
    expect(readCallerFacts({}, process.pid)).toMatchObject({ cwd: process.cwd() });
    expect(readCallerFacts({ [callerPidVariable]: 'no number' }, process.pid)).toEqual({});
  });
});
