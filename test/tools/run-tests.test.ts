import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const project = join(import.meta.dirname, '../..');
const runner = join(project, 'scripts', 'run-tests.ts');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codex-backup-runner-'));
  mkdirSync(join(folder, 'test'));
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  writeScripts({});
  writeTest('passing', `test('a', () => undefined); test('b', () => undefined);`);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('npm test', () => {
  test('ends with the line of totals, and with 0 when all is well', () => {
    expect(runNpmTest()).toEqual({ lastLine: '2 passed, 0 failed', status: 0 });
  });

  test('counts what was skipped', () => {
    writeTest('skipping', `test.skip('c', () => undefined);`);
    expect(runNpmTest()).toEqual({ lastLine: '2 passed, 0 failed, 1 skipped', status: 0 });
  });

  test('fails when a test does', () => {
    writeTest('failing', `test('c', () => { throw new Error('no'); });`);
    expect(runNpmTest()).toEqual({ lastLine: '2 passed, 1 failed', status: 1 });
  });

  test('fails when a test file can not be loaded', () => {
    writeTest('broken', `import './nowhere.ts';`);
    expect(runNpmTest()).toEqual({ lastLine: '2 passed, 1 failed', status: 1 });
  });

  test('fails when an error escapes all tests', () => {
    writeTest(
      'escaping',
      `test('c', async () => { setTimeout(() => { throw new Error('out'); }); await new Promise((r) => setTimeout(r, 50)); });`,
    );
    expect(runNpmTest()).toEqual({ lastLine: '3 passed, 1 failed', status: 1 });
  });

  test('fails when a check does, and still runs the tests', () => {
    writeScripts({ types: 'exit 1', knip: 'exit 2' });
    expect(runNpmTest()).toEqual({ lastLine: '2 passed, 2 failed', status: 1 });
  });
});

function writeScripts(scripts: Readonly<Record<string, string>>): void {
  const all = { lint: 'exit 0', types: 'exit 0', layers: 'exit 0', knip: 'exit 0', ...scripts };
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ type: 'module', scripts: { ...all, test: `node ${runner}` } }),
  );
}

function writeTest(name: string, text: string): void {
  writeFileSync(join(folder, 'test', `${name}.test.ts`), `import { test } from 'vitest';\n${text}\n`);
}

function runNpmTest(): { readonly lastLine: string | undefined; readonly status: number | null } {
  const { VITEST: _vitest, VITEST_WORKER_ID: _worker, VITEST_POOL_ID: _pool, NODE_ENV: _mode, ...rest } = process.env;
  const bin = join(project, 'node_modules', '.bin');
  const env = { ...rest, PATH: `${bin}${delimiter}${rest['PATH'] ?? ''}` };
  // Both streams in one, as on a terminal or in the log of CI: nothing may follow the totals.
  const { stdout, status } = spawnSync('sh', ['-c', 'npm test 2>&1'], { cwd: folder, env, encoding: 'utf8' });
  return { lastLine: stdout.trimEnd().split('\n').at(-1), status };
}
