import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type PackageFacts, parsePackage } from '../../../../src/engine/restore/services/package-facts.ts';
import { planServices } from '../../../../src/engine/restore/services/plan-services.ts';

const there = { hasModules: true, hasDist: true };

function facts(folder: string, more: Partial<PackageFacts> = {}): PackageFacts {
  const base = { name: folder, dependencies: { fastify: '^5' }, workspaces: [], isBuilt: true, needsDist: true };
  return { folder, ...base, ...there, ...more };
}

const shared = facts('packages/shared', { name: '@codex/shared', dependencies: {} });
const brain = facts('codex-brain', { dependencies: { fastify: '^5', '@codex/shared': 'file:../packages/shared' } });
const voice = facts('codex-voice');
const packages = [brain, voice, shared];

test('Where nothing differs and nothing is missing, nothing is to be done', () => {
  expect(planServices({ packages, changedPaths: ['scripts/codexStop.js'] })).toEqual({ steps: [], warnings: [] });
});

test('A service whose source differs is built, and not installed', () => {
  expect(planServices({ packages, changedPaths: ['codex-voice/src/a.js', 'codex-voice/src/b.js'] }).steps).toEqual([
    { folder: 'codex-voice', name: 'codex-voice', install: [], build: ['2 files differ'], isFreshInstall: false },
  ]);
});

test('What a package of packages/ changes is built there first, then in each service that depends on it', () => {
  const { steps } = planServices({ packages, changedPaths: ['packages/shared/src/index.js'] });
  expect(steps.map(({ folder, build }) => [folder, build])).toEqual([
    ['packages/shared', ['1 file differs']],
    ['codex-brain', ['packages/shared differs, on which it depends']],
  ]);
});

test.each(['package.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'npm-shrinkwrap.json'])(
  'A %s that differs means installing and building',
  (file) => {
    const { steps } = planServices({ packages, changedPaths: [`codex-voice/${file}`, `codex-voice/src/${file}`] });
    expect(steps).toMatchObject([{ folder: 'codex-voice', install: [`${file} differs`], build: ['2 files differ'] }]);
  },
);

test('The package.json of a linked package means installing those that link it', () => {
  const { steps } = planServices({ packages, changedPaths: ['packages/shared/package.json'] });
  expect(steps.find(({ folder }) => folder === 'codex-brain')?.install).toEqual([
    'package.json of packages/shared differs, on which it depends',
  ]);
  expect(steps.find(({ folder }) => folder === 'packages/shared')?.install).toEqual([]);
});

test('A service that was deleted, modules and all, is installed and built', () => {
  const gone = { ...voice, hasModules: false, hasDist: false };
  const changedPaths = ['codex-voice/package.json', 'codex-voice/src/index.js'];
  expect(planServices({ packages: [brain, gone, shared], changedPaths }).steps).toMatchObject([
    {
      folder: 'codex-voice',
      install: ['package.json differs', 'node_modules is missing'],
      build: ['2 files differ', 'dist is missing'],
      isFreshInstall: false,
    },
  ]);
});

test('Without dependencies no node_modules is missed; without need of dist none is built for it', () => {
  const plain = facts('codex-plain', { dependencies: {}, hasModules: false, hasDist: false, needsDist: false });
  const script = facts('codex-script', { isBuilt: false, hasDist: false });
  expect(planServices({ packages: [plain, script], changedPaths: ['codex-script/a.js'] }).steps).toEqual([]);
});

test('Another Node means installing afresh where there are modules', () => {
  const bound = { ...brain, moduleAbi: '127' };
  const unbound = { ...voice, hasModules: false };
  const { steps } = planServices({ packages: [bound, unbound], changedPaths: [], nodeAbi: '137' });
  expect(steps).toMatchObject([
    {
      folder: 'codex-brain',
      install: ['its modules were made for another Node (ABI 127, now 137)'],
      isFreshInstall: true,
    },
    { folder: 'codex-voice', install: ['node_modules is missing'], isFreshInstall: false },
  ]);
  for (const nodeAbi of ['127', undefined]) {
    expect(planServices({ packages: [bound, voice], changedPaths: [], nodeAbi }).steps).toEqual([]);
  }
});

test('Dependencies come first over several levels, by file, workspace or name', () => {
  const chain = [
    facts('codex-a', { dependencies: { b: 'link:../packages/b' } }),
    facts('packages/b', { name: 'b', dependencies: { '@x/c': 'workspace:*' } }),
    facts('packages/z', { name: '@x/c', dependencies: { last: '^1.0.0' } }),
    facts('tools/last', { name: 'last' }),
  ];
  const { steps } = planServices({ packages: chain, changedPaths: ['tools/last/src/x.js'] });
  expect(steps.map(({ folder }) => folder)).toEqual(['tools/last', 'packages/z', 'packages/b', 'codex-a']);
  expect(steps.at(-1)?.build).toEqual(['tools/last differs, on which it depends']);
});

test('Packages that depend on each other are named, and done all the same', () => {
  const circle = [facts('a', { dependencies: { b: 'file:../b' } }), facts('b', { dependencies: { a: 'file:../a' } })];
  const plan = planServices({ packages: circle, changedPaths: ['a/x.js'] });
  expect(plan.steps.map(({ folder }) => folder).toSorted()).toEqual(['a', 'b']);
  expect(plan.warnings).toEqual(['These packages depend on each other: b, a. They are built in that order.']);
});

test('What belongs to a workspace is installed at its root, once, before anything is built', () => {
  const root = facts('', { name: 'codex-os', workspaces: ['packages/*', 'codex-brain'], isBuilt: false });
  const members = [brain, shared].map((each) => ({ ...each, hasModules: false }));
  const { steps } = planServices({
    packages: [...members, root, voice],
    changedPaths: ['codex-brain/package.json', 'packages/shared/src/index.js'],
  });
  expect(steps.map(({ folder, install, build }) => [folder, install.length, build.length])).toEqual([
    ['', 1, 0],
    ['packages/shared', 0, 1],
    ['codex-brain', 0, 2],
  ]);
  expect(steps[0]?.install).toEqual(['codex-brain: package.json differs']);
});

test('A path belongs to the deepest package; what is in none is the root’s', () => {
  const root = facts('', { name: 'codex-os', dependencies: {} });
  const nested = facts('codex-voice/plugins/tts');
  const { steps } = planServices({
    packages: [root, voice, nested],
    changedPaths: ['codex-voice/plugins/tts/a.js', 'x.js'],
  });
  expect(steps.map(({ folder, build }) => [folder, build])).toEqual([
    ['', ['1 file differs']],
    ['codex-voice/plugins/tts', ['1 file differs']],
  ]);
});

test('A package.json is read as people write it, and what is none is not', () => {
  const read = (text: string) => parsePackage('codex-x', text, there);
  expect(read('not json')).toBeUndefined();
  expect(read('[1]')).toBeUndefined();
  expect(read('{}')).toMatchObject({
    folder: 'codex-x',
    name: '',
    dependencies: {},
    workspaces: [],
    isBuilt: false,
    needsDist: false,
  });
  expect(
    read('{"name": 5, "scripts": "x", "dependencies": {"a": 1}, "workspaces": {"packages": ["p/*"]}}'),
  ).toMatchObject({
    name: '',
    dependencies: {},
    workspaces: ['p/*'],
  });
  expect(
    Object.keys(read('{"dependencies": {"__proto__": "x", "constructor": "1"}}')?.dependencies ?? {}),
  ).not.toContain('x');
});

test("The sample's own packages are understood", () => {
  const sample = join(import.meta.dirname, '..', '..', '..', '..', 'sample', 'files');
  const folders = ['', 'codex-brain', 'codex-bridge', 'packages/codex-shared', 'packages/codex-build'];
  const found = folders.flatMap((folder) => {
    const state = { hasModules: folder.startsWith('codex-'), hasDist: true };
    const parsed = parsePackage(folder, readFileSync(join(sample, folder, 'package.json'), 'utf8'), state);
    return parsed === undefined ? [] : [parsed];
  });
  expect(found).toHaveLength(folders.length);
  const { steps } = planServices({ packages: found, changedPaths: ['packages/codex-shared/src/index.js'] });
  expect(steps.map(({ folder }) => folder)).toEqual(['packages/codex-shared', 'codex-brain', 'codex-bridge']);
});
