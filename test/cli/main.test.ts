import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Engine, RunOptions } from '../../src/engine/engine.ts';
import { createDetail, createSnapshot } from './support/memory-engine.ts';
import { createTestShell, runMain } from './support/test-shell.ts';

const emptyList = { list: async () => [] };

describe('arguments', () => {
  test('common options are taken before and after the command', async () => {
    for (const argv of [
      ['--root', 'codex', '--backups=b', '--json', 'list'],
      ['list', '--root', 'codex', '--backups=b', '--json'],
      ['--json', 'list', '--root=codex', '--backups', 'b'],
    ]) {
      const shell = createTestShell(emptyList);
      expect(await runMain(argv, shell)).toEqual({ code: 0, out: '{"ok":true,"snapshots":[]}\n', err: '' });
      expect(shell.engines).toEqual([{ root: resolve('codex'), backups: resolve('b') }]);
    }
  });

  test('an unknown command ends with 2 and names the nearest one', async () => {
    const ending = await runMain(['lst'], createTestShell());
    expect(ending).toEqual({ code: 2, out: '', err: "error: Unknown command 'lst'.\n  Did you mean list?\n" });
  });

  test.each([
    { argv: ['show'], says: "Missing required argument 'id'." },
    { argv: ['list', 'more'], says: "Too many arguments for 'list'. Expected 0 arguments but got 1: more." },
    { argv: ['list', '--nonsense'], says: "Unknown option '--nonsense'." },
    { argv: ['run', '--trigger', 'whim'], says: 'Allowed choices are manual' },
    { argv: ['search', 'x', '--limit', '-3'], says: '--limit takes a whole number of at least 1, and got "-3".' },
    { argv: ['list', '--root', ''], says: '--root names no folder.' },
    { argv: ['verify', 'latest', '--all'], says: 'Snapshots are named, and --all is given as well.' },
    { argv: ['run', '--sample', '--root', 'x'], says: '--sample makes its own folders' },
    { argv: ['restore', 'latest', '--to', ''], says: '--to names nothing.' },
    { argv: ['restore', 'latest', '--path', 'a', '', '--yes'], says: '--path names nothing.' },
    { argv: ['sample', ''], says: 'An empty name names no folder.' },
    { argv: ['help', 'nonsense'], says: "Unknown command 'nonsense'." },
    { argv: ['settings', 'nonsense'], says: 'There is no setting "nonsense".' },
    { argv: [], says: 'No command was given.' },
  ])('wrong usage ends with 2, as text and as JSON: $argv', async ({ argv, says }) => {
    const text = await runMain(argv, createTestShell());
    expect(text).toMatchObject({ code: 2, out: '' });
    expect(text.err).toContain(says);
    const json = await runMain(['--json', ...argv], createTestShell());
    expect(json).toMatchObject({ code: 2, err: '' });
    const { ok, error } = JSON.parse(json.out);
    expect(ok).toBe(false);
    expect(Object.keys(error)).toEqual(['code', 'message', 'hint', 'details']);
    expect(error.code).toBe('usage');
    expect(error.message).toContain(says);
    expect(error.hint).not.toBe('');
  });

  test('what follows -- is text and no option', async () => {
    const notes: string[] = [];
    const shell = createTestShell({
      note: async (_reference, text) => {
        notes.push(text);
        return createSnapshot({ note: text });
      },
    });
    const ending = await runMain(['note', 'latest', '--', '--json'], shell);
    expect(ending.code).toBe(0);
    expect(ending.out).toContain('Noted on');
    expect(notes).toEqual(['--json']);
  });

  test('help and version need no engine, and are documents under --json', async () => {
    const shell = createTestShell();
    expect((await runMain(['--help'], shell)).out).toContain('take a snapshot');
    expect((await runMain(['help', 'search'], createTestShell())).out).toContain('--limit <n>');
    expect((await runMain(['search', '--help'], createTestShell())).out).toContain('--backups <dir>');
    const version = await runMain(['--version', '--json'], createTestShell());
    expect(JSON.parse(version.out)).toEqual({ ok: true, version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
    expect(shell.engines).toEqual([]);
  });
});

describe('run', () => {
  test('the trigger is found out when it is not named', async () => {
    const seen: RunOptions[] = [];
    const run = async (options: RunOptions) => {
      seen.push(options);
      return createSnapshot({ trigger: options.trigger });
    };
    await runMain(['run'], createTestShell({ run }, { detectTrigger: async () => 'boot' }));
    await runMain(['run', '--trigger', 'growth'], createTestShell({ run }));
    expect(seen.map(({ trigger }) => trigger)).toEqual(['boot', 'growth']);
    expect(seen.map(({ confirmHold }) => confirmHold)).toEqual([undefined, undefined]);
  });

  test('an incomplete snapshot ends with 3 and names what is missing, even with --quiet', async () => {
    const snapshot = createSnapshot({
      status: 'incomplete',
      skipped: [{ path: 'codex-hands/secret\n.ts', reason: 'unreadable', detail: 'EACCES' }],
    });
    for (const argv of [['run'], ['run', '--quiet']]) {
      const ending = await runMain(argv, createTestShell({ run: async () => snapshot }));
      expect(ending.code).toBe(3);
      expect(ending.out).toContain('codex-hands/secret\\u000a.ts: unreadable (EACCES)');
    }
  });

  test('with --quiet a whole snapshot is taken without a word', async () => {
    const ending = await runMain(['run', '--quiet'], createTestShell({ run: async () => createSnapshot() }));
    expect(ending).toEqual({ code: 0, out: '', err: '' });
  });

  test('progress is one line per phase on standard error, also under --json', async () => {
    const run = async ({ onProgress }: RunOptions) => {
      for (const done of [0, 1, 2]) onProgress?.({ phase: 'brain', done, total: 2, unit: 'pages' });
      onProgress?.({ phase: 'code', done: 1, unit: 'files' });
      return createSnapshot();
    };
    const ending = await runMain(['run', '--json'], createTestShell({ run }));
    expect(ending.err).toBe('copying the Brain\nwriting the code archive\n');
    expect(Object.keys(JSON.parse(ending.out))).toEqual(['ok', 'snapshot']);
  });

  test('at a terminal progress is a bar, which is gone when the answer is printed', async () => {
    const stderr = Object.assign(new PassThrough(), { isTTY: true });
    let drawn = '';
    stderr.on('data', (chunk) => {
      drawn += chunk;
    });
    const run = async ({ onProgress }: RunOptions) => {
      onProgress?.({ phase: 'brain', done: 50, total: 100, unit: 'pages' });
      await expect.poll(() => drawn).toContain('copying the Brain');
      return createSnapshot();
    };
    const terminals = { stdin: false, stdout: true, stderr: true };
    expect((await runMain(['run'], createTestShell({ run }, { terminals, stderr, columns: 90 }))).code).toBe(0);
    expect(drawn).toMatch(/copying the Brain +\[=+-+\] +50 %/);
    // The last thing that is written is "clear the line".
    expect(drawn.endsWith('\u001b[2K')).toBe(true);
    expect(drawn).not.toContain('\u001b[?25l');
  });

  test('at a terminal it asks before the Brain is held, and Ctrl-D is a no', async () => {
    const terminals = { stdin: true, stdout: true, stderr: true };
    for (const [answer, agreed] of [
      ['y\n', true],
      ['\n', false],
      [undefined, false],
    ] as const) {
      const shell = createTestShell(
        {
          run: async ({ confirmHold }) => {
            expect(await confirmHold?.(1100)).toBe(agreed);
            return createSnapshot();
          },
        },
        { terminals },
      );
      if (answer === undefined) shell.stdin.end();
      else shell.stdin.write(answer);
      const ending = await runMain(['run'], shell);
      expect(ending.code).toBe(0);
      expect(ending.err).toContain('Codex cannot save for about 1.1 s while its Brain is copied; now? [y/N]');
    }
  });
});

describe('remove', () => {
  const removing = () => {
    const removed: string[] = [];
    const engine = {
      show: async () => createDetail(),
      remove: async (id: string) => {
        removed.push(id);
        return { id, freedBytes: 5000, alarm: null };
      },
    };
    return { removed, engine };
  };

  test('without a terminal it needs --yes', async () => {
    const { removed, engine } = removing();
    const refused = await runMain(['remove', 'latest'], createTestShell(engine));
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('--yes');
    expect(removed).toEqual([]);
    const done = await runMain(['remove', 'latest', '--yes', '--json'], createTestShell(engine));
    expect(JSON.parse(done.out)).toEqual({ ok: true, removed: { id: 'latest', freedBytes: 5000, alarm: null } });
  });

  test('at a terminal it asks, and removes the very snapshot that it named', async () => {
    const terminals = { stdin: true, stdout: true, stderr: true };
    const { removed, engine } = removing();
    const shell = createTestShell(engine, { terminals });
    shell.stdin.write('n\n');
    expect((await runMain(['remove', 'latest'], shell)).code).toBe(130);
    expect(removed).toEqual([]);
    const again = createTestShell(engine, { terminals });
    again.stdin.write('yes\n');
    const ending = await runMain(['remove', 'latest'], again);
    expect(ending.code).toBe(0);
    expect(removed).toEqual([createDetail().id]);
  });
});

describe('verify and doctor', () => {
  test('a file that does not verify ends with 3 and is named; a legacy snapshot that reads fine ends with 0', async () => {
    const bad = {
      id: 'codex-backup-a',
      status: 'verified',
      problems: [{ file: 'codex-brain.db', message: 'hash' }],
    } as const;
    const legacy = { id: 'codex-backup-b', status: 'legacy', problems: [] } as const;
    const failed = await runMain(['verify'], createTestShell({ verify: async () => [bad, legacy] }));
    expect(failed.code).toBe(3);
    expect(failed.out).toBe(
      '✗ codex-backup-a  verified, 1 problem\n    codex-brain.db: hash\n✓ codex-backup-b  legacy\n',
    );
    const fine = await runMain(['verify', 'b', '--json'], createTestShell({ verify: async () => [legacy] }));
    expect(fine).toEqual({ code: 0, out: `${JSON.stringify({ ok: true, results: [legacy] })}\n`, err: '' });
  });

  test('the doctor adds and leaves out, and says what is still open', async () => {
    const answers: object[] = [];
    const open = { services: ['codex-tail'], databases: [], scripts: [], files: [] };
    const answerCoverage: Engine['answerCoverage'] = async (answer) => {
      answers.push(answer);
      return { added: ['codex-ears', 'data/facts.db'], leftOut: ['README.md'], coverage: open };
    };
    const argv = ['doctor', '--add', 'codex-ears', 'data/facts.db', '--leave-out', 'README.md'];
    const done = await runMain(argv, createTestShell({ answerCoverage }));
    expect(done.out).toBe(
      'Added: codex-ears, data/facts.db.\nThe next snapshot holds it: codex-backup run\nLeft out: README.md.\n' +
        'Still uncovered: 1 service (codex-tail).\n',
    );
    const json = await runMain(
      ['doctor', '--add-all', '--leave-out-all', '--json'],
      createTestShell({ answerCoverage }),
    );
    expect(JSON.parse(json.out)).toMatchObject({ ok: true, leftOut: ['README.md'], coverage: open });
    expect(answers).toEqual([
      { add: ['codex-ears', 'data/facts.db'], leaveOut: ['README.md'] },
      { add: 'all', leaveOut: 'all' },
    ]);
  });

  test('a first snapshot says what it does not hold, a later one does not', async () => {
    const coverage = async () => ({ services: ['codex-ears'], databases: [], scripts: ['scripts'], files: [] });
    const first = await runMain(['run'], createTestShell({ run: async () => createSnapshot(), coverage }));
    expect(first.out).toContain('It does not hold 1 service and the folder scripts (codex-ears).');
    expect(first.out).toContain('codex-backup doctor --add-all');
    const later = await runMain(
      ['run'],
      createTestShell({ run: async () => createSnapshot({ sequence: 2 }), coverage }),
    );
    expect(later.out).not.toContain('codex-ears');
  });

  test('the doctor ends with 3 only for an error', async () => {
    const report = (level: 'warning' | 'error') => ({
      findings: [{ code: 'x', level, message: 'Something', hint: 'Do this.' }],
      coverage: { services: ['codex-new'], databases: [], scripts: [], files: [] },
    });
    const warned = await runMain(['doctor'], createTestShell({ doctor: async () => report('warning') }));
    expect(warned.code).toBe(0);
    expect(warned.out).toContain('! Something\n    Do this.');
    expect((await runMain(['doctor'], createTestShell({ doctor: async () => report('error') }))).code).toBe(3);
  });
});
