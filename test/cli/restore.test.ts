import { expect, test } from 'vitest';
import type { RestoreOptions } from '../../src/engine/engine.ts';
import { AppError } from '../../src/shared/app-error.ts';
import type { RestorePlan, RestoreReport } from '../../src/shared/restore-plan.ts';
import { createTestShell, runMain } from './support/test-shell.ts';

const plan: RestorePlan = {
  what: 'restore',
  source: 'codex-backup-2025-11-22T03-35-57-396Z',
  root: '/codex',
  scope: 'all',
  paths: [],
  databases: [
    {
      path: 'codex-brain/brain.db',
      isBrain: true,
      change: 'replace',
      bytesNow: 2000,
      bytesThen: 1000,
      tables: [
        {
          name: 'events',
          rowsNow: 57,
          rowsThen: 50,
          rowsLost: 7,
          lostFrom: '2025-11-22T03:40',
          lostTo: '2025-11-22T03:47',
          isKept: false,
        },
      ],
    },
  ],
  code: {
    services: [{ folder: 'codex-brain', added: 1, changed: 0, removed: 0, unchanged: 9 }],
    changes: [{ path: 'codex-brain/\u001b[2Jevil.js', change: 'added', bytesBefore: 0, bytesAfter: 5 }],
    moves: [],
    asideWithUncovered: [],
    kept: [],
  },
  space: { neededBytes: 1000, freeBytes: 9000 },
  steps: [
    {
      step: 'stop',
      text: 'stop Codex',
      commands: [{ command: ['npm', 'run', 'codex:stop'], folder: '', reasons: [] }],
    },
    { step: 'swap', text: 'move things', commands: [] },
  ],
  warnings: [{ code: 'schema-differs', message: 'Another schema.' }],
};

const report: RestoreReport = {
  id: 'restore-1',
  plan,
  safety: 'codex-backup-before',
  replaced: '/kept',
  startProblem: null,
  health: [],
  durationMs: 4100,
  warnings: [],
};

/** As the engine does: shows the plan first, then reports. */
const restore = async (_reference: string, options?: RestoreOptions) => {
  await options?.approve?.(plan);
  return report;
};

test('a dry run prints what would be lost, what would run, and no control characters', async () => {
  const { code, out } = await runMain(
    ['restore', 'latest', '--dry-run'],
    createTestShell({ planRestore: async () => plan }),
  );
  expect(code).toBe(0);
  expect(out).toContain('events: 57 → 50 rows; 7 newer rows set aside, from 2025-11-22T03:40 to 2025-11-22T03:47');
  expect(out).toContain('1. stop Codex\n       npm run codex:stop');
  expect(out).toContain('+ codex-brain/\\u001b[2Jevil.js');
  expect(out).toContain('Another schema.');
});

test('a dry run in JSON is the plan itself', async () => {
  const shell = createTestShell({ planRestore: async () => plan });
  expect(JSON.parse((await runMain(['restore', 'latest', '--dry-run', '--json'], shell)).out)).toEqual({
    ok: true,
    plan,
  });
});

test('without a terminal a restore and an undo need --yes', async () => {
  for (const command of [['restore', 'latest'], ['undo']]) {
    const { code, err } = await runMain(command, createTestShell());
    expect(code).toBe(2);
    expect(err).toContain('--dry-run');
  }
});

test('a restore says what was saved before, where the old files are, how to go back, and who is healthy', async () => {
  const health = [{ url: 'http://127.0.0.1:4100/health', service: 'brain', milliseconds: 12 }];
  const shell = createTestShell({ restore: async (...given) => ({ ...(await restore(...given)), health }) });
  const { code, out } = await runMain(['restore', 'latest', '--yes'], shell);
  expect(code).toBe(0);
  expect(out).toMatch(/healthy +1 service\n/);
  expect(out).toContain('is back, in 4.1 s.');
  expect(out).toContain('codex-backup-before');
  expect(out).toContain('/kept');
  expect(out).toContain('codex-backup undo');
});

test('options reach the engine', async () => {
  let seen: RestoreOptions = {};
  const shell = createTestShell({
    restore: async (_reference, options = {}) => {
      seen = options;
      return report;
    },
  });
  const options = ['--only', 'code', '--path', 'a', 'b/c', '--keep-extra', '--keep-newer', '--no-services', '--yes'];
  await runMain(['restore', 'latest', ...options], shell);
  expect(seen).toMatchObject({
    scope: 'code',
    paths: ['a', 'b/c'],
    keepExtra: true,
    keepNewer: true,
    useServices: false,
  });
});

test('a restore that was rolled back exits with 6, one that could not be with 7', async () => {
  for (const [errorCode, exitCode] of [
    ['restore-rolled-back', 6],
    ['rollback-failed', 7],
  ] as const) {
    const failing = async () => {
      throw new AppError(errorCode, 'The build failed.');
    };
    expect((await runMain(['restore', 'latest', '--yes'], createTestShell({ restore: failing }))).code).toBe(exitCode);
  }
});

test('an undo whose Codex does not start is done, and exits with 3', async () => {
  const undo = async () => ({ ...report, startProblem: 'hands is not healthy.' });
  const { code, out } = await runMain(['undo', '--yes'], createTestShell({ undo }));
  expect(code).toBe(3);
  expect(out).toContain('hands is not healthy.');
});

test('recover says what became of each restore', async () => {
  const recover = async () => [{ id: 'restore-1', outcome: 'rolled-back', startProblem: null } as const];
  const { out } = await runMain(['recover'], createTestShell({ recover }));
  expect(out).toContain('restore-1 was rolled back');
});

test('a dry run of a restore into another folder prints that plan, and restores nothing', async () => {
  const asked: string[] = [];
  const planRestoreInto = async (_reference: string, folder: string) => {
    asked.push(folder);
    return plan;
  };
  const args = ['restore', 'latest', '--to', '/elsewhere', '--dry-run', '--json'];
  const { code, out } = await runMain(args, createTestShell({ planRestoreInto }));
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({ ok: true, plan: JSON.parse(JSON.stringify(plan)) });
  expect(asked).toEqual(['/elsewhere']);
});
