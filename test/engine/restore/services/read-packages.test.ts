import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readPackages } from '../../../../src/engine/restore/services/read-packages.ts';
import { createPlace } from './support/command-place.ts';

test('Services, packages and what they depend on are read as they will be; a test’s package.json is none of them', () => {
  const place = createPlace();
  const files: Record<string, object | string> = {
    'package.json': { name: 'codex-os', workspaces: ['plugins/*/core'] },
    'codex-brain/package.json': { scripts: { build: 'tsc' }, dependencies: { deep: 'file:../vendor/a/deep' } },
    'codex-brain/test/fixtures/app/package.json': { dependencies: { left: '1' } },
    'codex-broken/package.json': 'not json',
    'packages/shared/package.json': { name: '@codex/shared' },
    'packages/shared/nested/package.json': {},
    'plugins/x/core/package.json': { name: 'x-core' },
    'plugins/x/other/package.json': {},
    'tools/installed/here/package.json': {},
    'vendor/a/deep/package.json': { name: 'deep', dependencies: { deeper: '*' } },
    'vendor/a/deeper/package.json': { name: 'deeper' },
    'vendor/a/unused/package.json': { name: 'unused' },
  };
  for (const folder of ['codex-brain/node_modules', 'codex-brain/dist', 'tools/installed/here/node_modules']) {
    mkdirSync(place.path(folder), { recursive: true });
  }
  const read: string[] = [];
  const packages = readPackages({
    root: place.folder,
    paths: [...Object.keys(files), 'codex-brain/src/package.json.ts', 'README.md'],
    readText: (path) => {
      read.push(path);
      const content = files[path];
      return typeof content === 'string' ? content : JSON.stringify(content);
    },
  });
  expect(packages.map(({ folder }) => folder)).toEqual([
    '',
    'codex-brain',
    'packages/shared',
    'plugins/x/core',
    'tools/installed/here',
    'vendor/a/deep',
    'vendor/a/deeper',
  ]);
  expect(packages[1]).toMatchObject({ isBuilt: true, hasModules: true, hasDist: true });
  expect(packages[2]).toMatchObject({ name: '@codex/shared', hasModules: false, hasDist: false });
  expect(read).not.toContain('codex-brain/src/package.json.ts');
});
