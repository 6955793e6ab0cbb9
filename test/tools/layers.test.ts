import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

const project = join(import.meta.dirname, '../..');
const cruiser = join(project, 'node_modules/.bin/depcruise');
const cruise = z.object({
  summary: z.object({
    totalCruised: z.number(),
    totalDependenciesCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codex-backup-layers-'));
  for (const file of ['.dependency-cruiser.mjs', 'package.json']) {
    copyFileSync(join(project, file), join(folder, file));
  }
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Rule, importing file, what it imports. The imported file of ours is written too. */
const forbidden: readonly (readonly [rule: string, from: string, to: string])[] = [
  ['shared-is-pure', 'src/shared/a.ts', '../engine/platform/b.ts'],
  ['shared-without-node', 'src/shared/a.ts', 'node:fs'],
  ['engine-imports-shared-only', 'src/engine/a.ts', '../cli/b.ts'],
  ['engine-imports-shared-only', 'src/engine/brain/a.ts', '../../main/b.ts'],
  ['engine-contract-is-types', 'src/engine/engine.ts', './platform/b.ts'],
  ['engine-folder-has-a-place', 'src/engine/elsewhere/a.ts', '../platform/b.ts'],
  ['engine-platform', 'src/engine/platform/a.ts', '../brain/b.ts'],
  ['engine-platform', 'src/engine/platform/a.ts', '../index.ts'],
  ['engine-platform', 'src/engine/platform/a.ts', '../context.ts'],
  ['engine-link', 'src/engine/link/a.ts', '../snapshot/b.ts'],
  ['engine-operations', 'src/engine/operations/a.ts', '../index.ts'],
  ['engine-brain', 'src/engine/brain/a.ts', '../code/b.ts'],
  ['engine-code', 'src/engine/code/a.ts', '../snapshot/b.ts'],
  ['engine-snapshot', 'src/engine/snapshot/a.ts', '../restore/b.ts'],
  ['engine-growth', 'src/engine/growth/a.ts', '../code/b.ts'],
  ['engine-retention', 'src/engine/retention/a.ts', '../brain/b.ts'],
  ['engine-restore', 'src/engine/restore/a.ts', '../growth/b.ts'],
  ['no-electron', 'src/engine/a.ts', 'electron'],
  ['no-electron', 'src/cli/a.ts', 'electron'],
  ['no-electron', 'src/engine-host/a.ts', 'electron'],
  ['no-electron', 'src/renderer/a.ts', 'electron'],
  ['main-imports-shared-only', 'src/main/a.ts', '../engine/index.ts'],
  ['main-imports-shared-only', 'src/main/a.ts', '../renderer/b.ts'],
  ['preload-is-small', 'src/preload/a.ts', '../shared/b.ts'],
  ['preload-without-node', 'src/preload/a.ts', 'node:fs'],
  ['cli-uses-the-door', 'src/cli/a.ts', '../engine/snapshot/b.ts'],
  ['cli-uses-the-door', 'src/cli/a.ts', '../../test/b.ts'],
  ['src-is-closed', 'src/engine/a.ts', '../../sample/b.ts'],
  ['sqlite-has-one-home', 'src/engine/snapshot/a.ts', 'better-sqlite3'],
  ['sqlite-has-one-home', 'src/cli/a.ts', 'better-sqlite3'],
  ['no-undeclared-package', 'src/engine/a.ts', 'vitest'],
  ['no-undeclared-package', 'src/engine/a.ts', 'semver'],
  ['no-unresolvable', 'src/engine/a.ts', 'no-such-package'],
];

describe('the check of the layers', () => {
  test('fails on every forbidden import, and names the rule', () => {
    // All at once, each in files of its own name: starting the tool is what takes the time.
    const expected = forbidden.map(([rule, from, to], index) => {
      const importer = from.replace(/\/a[.]ts$/, `/a${index}.ts`);
      writeModules({ [importer]: `import * as other from '${to}';\nexport const own = other;\n` });
      if (to.startsWith('.')) writeModules({ [join(dirname(from), to)]: 'export const nothing = 1;\n' });
      return `${rule}: ${importer}`;
    });
    const { status, violations } = cruiseFolder();
    expect(status).not.toBe(0);
    expect(violations.map(({ rule, from }) => `${rule.name}: ${from}`)).toEqual(expect.arrayContaining(expected));
  });

  test.each([
    ['an import of a type', `import type { b } from '../code/b.ts';\nexport type A = b;\n`],
    ['an import on demand', `export const load = () => import('../code/b.ts');\n`],
    ['an export from there', `export { b } from '../code/b.ts';\n`],
    ['an import for its effects', `import '../code/b.ts';\n`],
  ])('fails on %s', (_kind, text) => {
    writeModules({ 'src/engine/brain/a.ts': text, 'src/engine/code/b.ts': 'export const b = 1;\n' });
    const { status, violations } = cruiseFolder();
    expect(status).not.toBe(0);
    expect(violations.map(({ rule }) => rule.name)).toEqual(['engine-brain']);
  });

  test('fails on a cycle', () => {
    writeModules({
      'src/engine/brain/a.ts': `import { b } from './b.ts';\nexport const a = (): unknown => b;\n`,
      'src/engine/brain/b.ts': `import { c } from './c.ts';\nexport const b = (): unknown => c;\n`,
      'src/engine/brain/c.ts': `import { a } from './a.ts';\nexport const c = (): unknown => a;\n`,
    });
    const { status, violations } = cruiseFolder();
    expect(status).not.toBe(0);
    expect(new Set(violations.map(({ rule }) => rule.name))).toEqual(new Set(['no-cycle']));
  });

  test('fails on a module that belongs to nothing', () => {
    writeModules({ 'src/engine/brain/a.ts': 'export const a = 1;\n' });
    const { status, violations } = cruiseFolder();
    expect(status).not.toBe(0);
    expect(violations.map(({ rule }) => rule.name)).toEqual(['no-orphan']);
  });

  test('fails when the base of the engine reaches up', () => {
    writeModules({
      'src/engine/context.ts': `import { b } from './snapshot/b.ts';\nexport const context = b;\n`,
      'src/engine/snapshot/b.ts': 'export const b = 1;\n',
    });
    const { status, violations } = cruiseFolder();
    expect(status).not.toBe(0);
    expect(violations.map(({ rule }) => rule.name)).toEqual(['engine-base']);
  });

  test('passes what is allowed', () => {
    writeModules({
      'src/cli/main.ts': `import { engine } from '../engine/index.ts';\nexport const main = engine;\n`,
      'src/engine/index.ts': `import { restore } from './restore/a.ts';\nexport const engine = restore;\n`,
      'src/engine/restore/a.ts': `import { b } from '../snapshot/b.ts';\nexport const restore = b;\n`,
      'src/engine/snapshot/b.ts': `import { c } from '../brain/c.ts';\nimport { context } from '../context.ts';\nexport const b = [c, context];\n`,
      'src/engine/context.ts': `import { e } from './platform/e.ts';\nexport const context = e;\n`,
      'src/engine/platform/e.ts': `export const e = 1;\n`,
      'src/engine/brain/c.ts': `import Database from 'better-sqlite3';\nimport { d } from '../../shared/d.ts';\nexport const c = [Database, d];\n`,
      'src/shared/d.ts': `export const d = 1;\n`,
    });
    expect(cruiseFolder()).toMatchObject({ status: 0, violations: [] });
  });

  test('sees the real modules', () => {
    const { modules, dependencies } = runCruiser(project, ['.']);
    expect(modules).toBeGreaterThan(20);
    expect(dependencies).toBeGreaterThan(20);
  });
});

function writeModules(texts: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function cruiseFolder(): ReturnType<typeof runCruiser> {
  return runCruiser(folder, ['.']);
}

/** What `npm run layers` would say of these folders, and the exit status that it would have. */
function runCruiser(cwd: string, folders: readonly string[]) {
  const run = (type: string) =>
    spawnSync(cruiser, ['--config', '.dependency-cruiser.mjs', '--output-type', type, ...folders], {
      cwd,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
  const { summary } = cruise.parse(JSON.parse(run('json').stdout));
  return {
    status: run('err').status,
    violations: summary.violations,
    modules: summary.totalCruised,
    dependencies: summary.totalDependenciesCruised,
  };
}
