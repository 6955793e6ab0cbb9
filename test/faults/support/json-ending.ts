import { expect } from 'vitest';
import { z } from 'zod';
import type { CliEnding } from '../../cli/support/spawn-cli.ts';

const failure = z.object({
  ok: z.literal(false),
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    details: z.record(z.string(), z.unknown()),
  }),
});

const success = z.object({
  ok: z.literal(true),
  snapshot: z.object({
    id: z.string(),
    path: z.string(),
    status: z.string(),
    diskBytes: z.number(),
    code: z.object({ linked: z.boolean(), packs: z.object({ total: z.number(), reused: z.number() }) }),
    brain: z.object({ integrity: z.string(), bytes: z.number() }),
    skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
    warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  }),
});

export type FailureReport = z.infer<typeof failure>['error'];
export type PrintedSnapshot = z.infer<typeof success>['snapshot'];

/** The error that a command printed with `--json`. It is one that a user can do something about. */
export function errorOf(ending: CliEnding): FailureReport {
  const { error } = failure.parse(JSON.parse(ending.out), { error: () => `${ending.out}\n${ending.err}` });
  expect(error.code, `${error.message}\n${JSON.stringify(error.details)}`).not.toBe('bug');
  expect(error.hint).not.toBe('');
  return error;
}

/** The snapshot that `run --json` printed. */
export function snapshotOf(ending: CliEnding): PrintedSnapshot {
  expect(ending.out, ending.err).toMatch(/"ok":\s*true/);
  return success.parse(JSON.parse(ending.out)).snapshot;
}
