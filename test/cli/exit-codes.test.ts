import { expect, test } from 'vitest';
import { exitCodeFor, exitCodes } from '../../src/cli/exit-codes.ts';
import { type ErrorCode, errorCodes } from '../../src/shared/app-error.ts';

test('every error code has an exit code that is not 0', () => {
  const known = new Set<number>(Object.values(exitCodes));
  for (const code of Object.keys(errorCodes)) {
    const exitCode = exitCodeFor(code as ErrorCode);
    expect(known.has(exitCode), code).toBe(true);
    expect(exitCode, code).not.toBe(0);
  }
});

test('the exit codes are those that scripts know', () => {
  const samples: [ErrorCode, number][] = [
    ['bug', 1],
    ['brain-locked', 1],
    ['disk-full', 1],
    ['usage', 2],
    ['settings-invalid', 2],
    ['settings-newer', 2],
    ['busy', 4],
    ['root-unset', 5],
    ['root-missing', 5],
    ['brain-missing', 5],
    ['snapshot-missing', 5],
    ['cancelled', 130],
  ];
  for (const [code, exitCode] of samples) expect(exitCodeFor(code), code).toBe(exitCode);
});
