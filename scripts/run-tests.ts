import { spawn, spawnSync } from 'node:child_process';
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
const results = await Promise.all(checks.map(async (name) => ({ name, succeeded: await runCheck(name) })));
const failedChecks = results.filter(({ succeeded }) => !succeeded).map(({ name }) => name);
const counts = runTests(process.argv.slice(2));
for (const name of failedChecks) console.log(`The check "${name}" failed: npm run ${name}`);
console.log(formatCounts({ ...counts, failed: counts.failed + failedChecks.length }));
process.exitCode = counts.failed + failedChecks.length > 0 ? 1 : 0;

/** All run side by side, so each tells what it has to say at its end. */
function runCheck(name: string): Promise<boolean> {
  const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.stdout.write(`> ${name}\n${Buffer.concat(said).toString('utf8')}`);
      resolve(code === 0);
    });
  });
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
