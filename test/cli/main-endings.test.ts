import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { RunOptions } from '../../src/engine/engine.ts';
import { AppError } from '../../src/shared/app-error.ts';
import { createSnapshot } from './support/memory-engine.ts';
import { createTestShell, runMain } from './support/test-shell.ts';

const emptyList = { list: async () => [] };

describe('errors', () => {
  const busy = () => new AppError('busy', 'Another process is at work.', { hint: 'Wait.', details: { pid: 7 } });

  test('an expected one is three calm lines, or a document', async () => {
    const engine = {
      list: async () => {
        throw busy();
      },
    };
    const text = await runMain(['list'], createTestShell(engine));
    expect(text).toEqual({ code: 4, out: '', err: 'error: Another process is at work.\n  Wait.\n' });
    const json = await runMain(['list', '--json'], createTestShell(engine));
    const error = { code: 'busy', message: 'Another process is at work.', hint: 'Wait.', details: { pid: 7 } };
    expect(json).toEqual({ code: 4, out: `${JSON.stringify({ ok: false, error })}\n`, err: '' });
  });

  test('anything else is told as a bug, with the place of the log, and its stack with --verbose', async () => {
    const engine = {
      list: async () => {
        throw new TypeError('x is undefined', { cause: new Error('deeper') });
      },
    };
    const text = await runMain(['list'], createTestShell(engine));
    expect(text.code).toBe(1);
    expect(text.err).toMatch(
      /^error: Unexpected error: x is undefined\n.*defect.* The log is in \/app-home\/logs; --verbose .*\.\n$/,
    );
    const verbose = await runMain(['list', '--verbose'], createTestShell(engine));
    expect(verbose.err).toContain('caused by: Error: deeper');
  });

  test('what nobody caught is reported once as a bug, and ends the process', async () => {
    const shell = createTestShell({ list: () => new Promise(() => undefined) });
    const running = runMain(['list', '--json'], shell);
    await expect.poll(() => shell.engines.length).toBe(1);
    shell.crash(new Error('lost'));
    shell.crash(new Error('lost too'));
    const ending = await running;
    expect(ending.code).toBe(1);
    expect(shell.exits).toEqual([1]);
    expect(JSON.parse(ending.out).error).toMatchObject({ code: 'bug', message: 'Unexpected error: lost' });
  });

  test('B31: file names in messages can not play with the terminal', async () => {
    const engine = {
      list: async () => {
        throw new AppError('io', 'bad \u001b[31mname\u202e');
      },
    };
    expect((await runMain(['list'], createTestShell(engine))).err).toBe('error: bad \\u001b[31mname\\u202e\n');
  });
});

describe('interruption', () => {
  const untilAborted = ({ signal }: RunOptions) =>
    new Promise<never>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

  test('the first signal cancels and lets the engine clean up; the exit code is 130', async () => {
    let closed = false;
    const close = async () => {
      closed = true;
    };
    const shell = createTestShell({ run: untilAborted, close });
    const running = runMain(['run', '--json'], shell);
    await expect.poll(() => shell.engines.length).toBe(1);
    shell.interrupt();
    const ending = await running;
    expect(ending.code).toBe(130);
    expect(closed).toBe(true);
    expect(JSON.parse(ending.out).error.code).toBe('cancelled');
    expect(shell.exits).toEqual([]);
  });

  test('an AbortError of Node counts as the same cancellation', async () => {
    const run = ({ signal }: RunOptions) =>
      new Promise<never>((_resolve, reject) =>
        signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))),
      );
    const shell = createTestShell({ run });
    const running = runMain(['run'], shell);
    await expect.poll(() => shell.engines.length).toBe(1);
    shell.interrupt();
    expect(await running).toMatchObject({ code: 130, err: expect.stringContaining('error: Cancelled.') });
  });

  test('the second signal ends the process at once', async () => {
    const shell = createTestShell({ run: () => new Promise(() => undefined) });
    void main(['run'], shell);
    await expect.poll(() => shell.engines.length).toBe(1);
    shell.interrupt();
    shell.interrupt();
    expect(shell.exits).toEqual([130]);
  });

  test('a snapshot that was published all the same is reported as done', async () => {
    const shell = createTestShell({
      run: async ({ signal }) => {
        await new Promise((resolve) => signal?.addEventListener('abort', resolve));
        return createSnapshot();
      },
    });
    const running = runMain(['run'], shell);
    await expect.poll(() => shell.engines.length).toBe(1);
    shell.interrupt();
    expect((await running).code).toBe(0);
  });
});

describe('standard output', () => {
  const failing = (code: string) =>
    new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })),
    });

  test('a reader that leaves early ends the command without a word', async () => {
    const shell = createTestShell(emptyList, { stdout: failing('EPIPE') });
    expect(await runMain(['list'], shell)).toEqual({ code: 0, out: '', err: '' });
  });

  test('cat has no JSON form', async () => {
    const ending = await runMain(['cat', 'latest', 'a.ts', '--json'], createTestShell());
    expect(ending).toMatchObject({ code: 2, err: '' });
    expect(JSON.parse(ending.out).error).toMatchObject({ code: 'usage', hint: 'Leave --json out.' });
  });

  test('cat stops reading when its reader is gone', async () => {
    let finished = false;
    async function* endless() {
      try {
        for (;;) yield Buffer.alloc(1024);
      } finally {
        finished = true;
      }
    }
    const shell = createTestShell({ cat: async () => endless() }, { stdout: failing('EPIPE') });
    expect((await runMain(['cat', 'latest', 'a.ts'], shell)).code).toBe(0);
    expect(finished).toBe(true);
  });

  test('a full disk behind standard output is an error, told on standard error', async () => {
    for (const argv of [['list'], ['list', '--json']]) {
      const ending = await runMain(argv, createTestShell(emptyList, { stdout: failing('ENOSPC') }));
      expect(ending.code).toBe(1);
      expect(ending.err).toContain('error: Standard output can not be written: ENOSPC.');
    }
  });

  test('colours are for terminals without NO_COLOR', async () => {
    const verify = async () => [{ id: 'a', status: 'verified', problems: [] }] as const;
    const terminals = { stdin: false, stdout: true, stderr: false };
    expect((await runMain(['verify'], createTestShell({ verify }, { terminals }))).out).toContain('\u001b[32m');
    const plain = createTestShell({ verify }, { terminals, env: { NO_COLOR: '1' } });
    expect((await runMain(['verify'], plain)).out).toBe('✓ a  verified\n');
  });
});
