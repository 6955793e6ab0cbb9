import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Scripts of package.json that have to succeed, besides the tests. Each is run even if another one failed. */
const checks = ['lint', 'types', 'layers', 'knip'] as const;

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

// `npm test`: all checks, then all tests (or those that the arguments name); the last line says how it went.
const failedChecks = checks.filter((name) => !runCheck(name));
const counts = runTests(process.argv.slice(2));
for (const name of failedChecks) console.log(`The check "${name}" failed: npm run ${name}`);
console.log(formatCounts({ ...counts, failed: counts.failed + failedChecks.length }));
process.exitCode = counts.failed + failedChecks.length > 0 ? 1 : 0;

function runCheck(name: string): boolean {
  console.log(`> ${name}`);
  return spawnSync('npm', ['run', '--silent', name], { stdio: 'inherit' }).status === 0;
}

function runTests(filters: readonly string[]): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'codex-backup-tests-'));
  try {
    const report = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { status } = spawnSync('vitest', ['run', ...reporters, ...filters], { stdio: 'inherit' });
    return readCounts(report, status === 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run that failed although no test did (a file that can't be loaded, an error outside of tests) has one failure. */
function readCounts(report: string, succeeded: boolean): Counts {
  const counts = parseReport(report);
  return succeeded || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

function parseReport(report: string): Counts {
  try {
    const parsed: Record<string, unknown> = JSON.parse(readFileSync(report, 'utf8'));
    return {
      passed: Number(parsed['numPassedTests']),
      failed: Number(parsed['numFailedTests']),
      skipped: Number(parsed['numPendingTests']) + Number(parsed['numTodoTests']),
    };
  } catch (error) {
    console.log(`vitest left no report: ${String(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
