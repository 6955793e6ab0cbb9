import { describe, expect, test } from 'vitest';
import type { PruneOptions } from '../../src/engine/engine.ts';
import type { PrunePlan, RetentionRules } from '../../src/shared/retention.ts';
import { createTestShell, runMain } from './support/test-shell.ts';

const plan: PrunePlan = {
  keep: [{ id: 'codex-backup-2', reasons: ['one of the last 1', 'pinned'] }],
  remove: [{ id: 'codex-backup-1', reason: 'not one of the last 1' }],
  freedBytes: 1_500_000,
};

/** A shell whose engine notes what is asked of it; `at` a terminal where somebody can answer. */
function createPruneShell(at: 'terminal' | 'nowhere' = 'nowhere') {
  const planned: (RetentionRules | undefined)[] = [];
  const pruned: (PruneOptions | undefined)[] = [];
  const there = at === 'terminal';
  const shell = createTestShell(
    {
      planPrune: async (rules) => {
        planned.push(rules);
        return plan;
      },
      prune: async (options) => {
        pruned.push(options);
        return plan;
      },
    },
    { terminals: { stdin: there, stdout: there, stderr: there } },
  );
  return { shell, planned, pruned };
}

test('--dry-run prints each snapshot with its reasons, and removes nothing', async () => {
  const { shell, pruned } = createPruneShell();
  const { code, out } = await runMain(['prune', '--keep-last', '1', '--dry-run'], shell);
  expect(code).toBe(0);
  expect(out).toMatch(
    /keep +codex-backup-2 +one of the last 1, pinned\nremove +codex-backup-1 +not one of the last 1\n/,
  );
  expect(out).toContain('1 snapshot kept, 1 to remove, which frees 1.5 MB');
  expect(pruned).toEqual([]);
});

test('--dry-run --json prints keep, remove and freedBytes', async () => {
  const { shell } = createPruneShell();
  const { out } = await runMain(['prune', '--dry-run', '--json'], shell);
  expect(JSON.parse(out)).toEqual({ ok: true, ...plan });
});

test('every rule reaches the engine; without one those of the settings hold', async () => {
  const { shell, planned } = createPruneShell();
  const words = '--keep-last 1 --keep-hourly 2 --keep-daily 3 --keep-weekly 4 --keep-monthly 5 --keep-yearly 6';
  const rest = ['--keep-within', '12h', '--max-size', '1.5GB', '--dry-run'];
  await runMain(['prune', ...words.split(' '), ...rest], shell);
  expect(planned[0]).toEqual({
    keepLast: 1,
    keepWithinDays: 0.5,
    keepHourly: 2,
    keepDaily: 3,
    keepWeekly: 4,
    keepMonthly: 5,
    keepYearly: 6,
    maxBytes: 1_500_000_000,
  });
  const { shell: other, planned: plannedThere } = createPruneShell();
  await runMain(['prune', '--dry-run'], other);
  expect(plannedThere).toEqual([undefined]);
});

test('where nobody can be asked it needs --yes, or --dry-run', async () => {
  const { shell, planned, pruned } = createPruneShell();
  const { code, err } = await runMain(['prune', '--keep-last', '1'], shell);
  expect(code).toBe(2);
  expect(err).toContain('--dry-run');
  expect([planned, pruned]).toEqual([[], []]);
});

test('--yes removes without a question', async () => {
  const { shell, pruned } = createPruneShell();
  const { code, out } = await runMain(['prune', '--keep-last', '1', '--yes'], shell);
  expect(code).toBe(0);
  expect(out).toBe('Removed 1 snapshot; 1.5 MB freed.\n');
  expect(pruned).toEqual([expect.objectContaining({ rules: expect.objectContaining({ keepLast: 1 }) })]);
  expect(pruned[0]?.only).toBeUndefined();
});

describe('a person at the terminal', () => {
  test('sees the plan, and yes removes what was in it', async () => {
    const { shell, pruned } = createPruneShell('terminal');
    shell.stdin.write('y\n');
    const { code, err } = await runMain(['prune', '--keep-last', '1'], shell);
    expect(code).toBe(0);
    expect(err).toMatch(/remove.* codex-backup-1 .*\n\n.*\n\nRemove 1 snapshot for good\? \[y\/N\]/s);
    expect(pruned).toEqual([expect.objectContaining({ only: ['codex-backup-1'] })]);
  });

  test('says no, and nothing is removed', async () => {
    const { shell, pruned } = createPruneShell('terminal');
    shell.stdin.write('n\n');
    expect((await runMain(['prune', '--keep-last', '1'], shell)).code).toBe(130);
    expect(pruned).toEqual([]);
  });
});

test.for([
  ['--keep-last', 'ten', 'a whole number'],
  ['--keep-last', '-1', 'a whole number'],
  ['--keep-within', '30', 'a span'],
  ['--keep-within', 'd', 'a span'],
  ['--max-size', '20 apples', 'a size'],
] as const)('prune %s %s is wrong usage', async ([option, value, expected]) => {
  const { shell } = createPruneShell();
  const { code, err } = await runMain(['prune', option, value, '--dry-run'], shell);
  expect(code).toBe(2);
  expect(err).toContain(`${option} takes ${expected}`);
});
