import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { enterFolder, findRule, type RuleLayer, readRules, ruleKey } from '../../../src/engine/code/ignore-rules.ts';
import { toByteString } from '../../../src/engine/code/wildmatch.ts';
import { gitOptions, randomPattern } from './random-repository.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';
import { makeFolder } from './walk-helpers.ts';

const scale = Number(process.env['SCALE'] ?? 1);

interface Case {
  readonly rules: string;
  readonly ignored: readonly string[];
  readonly kept: readonly string[];
}

const cases: readonly Case[] = [
  { rules: 'foo', ignored: ['foo', 'a/foo', 'foo/x'], kept: ['Foo', 'foo2', 'xfoo'] },
  { rules: 'foo/', ignored: ['foo/x', 'a/foo/x'], kept: ['foo', 'a/foo'] },
  { rules: '/foo', ignored: ['foo'], kept: ['a/foo'] },
  { rules: 'a/foo', ignored: ['a/foo'], kept: ['b/a/foo'] },
  { rules: '*.log\n!keep.log', ignored: ['x.log'], kept: ['keep.log'] },
  { rules: 'a/\n!a/keep', ignored: ['a/keep'], kept: ['keep'] },
  { rules: '/*\n!/a', ignored: ['b', 'c/a'], kept: ['a', 'a/b'] },
  { rules: '**/foo/bar', ignored: ['foo/bar', 'x/y/foo/bar'], kept: ['foo/x/bar'] },
  { rules: 'a/**', ignored: ['a/x', 'a/x/y'], kept: ['a', 'b/a/x'] },
  { rules: 'a/**/b', ignored: ['a/b', 'a/x/b', 'a/x/y/b'], kept: ['ab', 'a/xb'] },
  { rules: 'a**b', ignored: ['ab', 'axxb'], kept: ['a/b'] },
  { rules: '[!a]x', ignored: ['bx'], kept: ['ax', 'x'] },
  { rules: '[]-]', ignored: [']', '-'], kept: ['[', 'a'] },
  { rules: '[[:digit:]x', ignored: [], kept: ['1x', '['] },
  { rules: '[a', ignored: [], kept: ['[a', 'a'] },
  { rules: 'a\\', ignored: [], kept: ['a', 'a\\'] },
  { rules: '\\!a\n\\#b\n# c\n!d', ignored: ['!a', '#b'], kept: ['c', '# c', 'd'] },
  { rules: 'a \nb\\ \n c', ignored: ['a', 'b ', ' c'], kept: ['a ', 'b', 'c'] },
  { rules: 'a\r\nb\r\n', ignored: ['a', 'b'], kept: ['a\r'] },
  { rules: '\ufeffa', ignored: ['a'], kept: ['\ufeffa'] },
  { rules: '?\n??x', ignored: ['a', 'éx'], kept: ['é', '日'] },
  { rules: '/\n//\n\n!\n///a', ignored: [], kept: ['a', '/'.replace('/', 'x')] },
  // Git reads a `**` after letters as one at the beginning of the rest.
  { rules: 'foo**/bar', ignored: ['foobar', 'foo/bar', 'foox/y/bar'], kept: ['bar', 'x/foobar'] },
];

test.each(cases)('the rules $rules leave out what git leaves out', ({ rules, ignored, kept }) => {
  expect(ignored.filter((path) => !isIgnored(rules, path, false))).toEqual([]);
  expect(kept.filter((path) => isIgnored(rules, path, false))).toEqual([]);
});

test('where case does not count, only ASCII letters are folded', () => {
  expect(['FOO', 'foo', 'Foo/x'].map((path) => isIgnored('fOO', path, true))).toEqual([true, true, true]);
  expect(isIgnored('É', 'é', true)).toBe(false);
  expect(isIgnored('[A-C]x', 'bX', true)).toBe(true);
});

test('B21: random patterns decide on random paths as git check-ignore does', { timeout: 60_000 * scale }, () => {
  const first = Number(process.env['SEED'] ?? 1);
  const rounds = process.env['SEED'] === undefined ? 20 * scale : 1;
  let decisions = 0;
  for (let seed = first; seed < first + rounds; seed += 1) decisions += compareWithGit(seed, makeFolder());
  expect(decisions).toBeGreaterThan(3_000 * rounds);
});

/** Asks git about 60 paths in each of 100 folders, every folder with rules of its own. */
function compareWithGit(seed: number, repository: string): number {
  const random = createSeededRandom(seed);
  const ignoreCase = random.chance(0.3);
  const paths = randomPaths(random);
  makeRepository(repository, ignoreCase);
  const folders = Array.from({ length: 100 }, (_, number) => {
    const rules = Array.from({ length: 1 + random.below(4) }, () => randomPattern(random, paths)).join('\n');
    mkdirSync(join(repository, `d${number}`));
    writeFileSync(join(repository, `d${number}`, '.gitignore'), rules);
    return rules;
  });
  const asked = folders.flatMap((_, number) => paths.map((path) => `d${number}/${path}`));
  const expected = askGit(repository, asked);
  const wrong = folders.flatMap((rules, number) => {
    const isIgnoredHere = compileRules(rules, ignoreCase);
    return paths.flatMap((path, place) => {
      const git = expected[number * paths.length + place];
      return isIgnoredHere(path) === git ? [] : [{ seed, rules, path, git }];
    });
  });
  expect(wrong).toEqual([]);
  return asked.length;
}

const isIgnored = (rules: string, path: string, ignoreCase: boolean): boolean => compileRules(rules, ignoreCase)(path);

/** A test for files below the folder of the rules: what an ignored folder holds is ignored. */
function compileRules(rules: string, ignoreCase: boolean): (path: string) => boolean {
  const layer = readRules(toByteString(rules), '.gitignore', ignoreCase);
  return (path) => {
    let layers: readonly RuleLayer[] = layer === undefined ? [] : [layer];
    const names = path.split('/');
    return names.some((name, depth) => {
      const key = ruleKey(toByteString(name), ignoreCase);
      const rule = findRule(layers, key, depth < names.length - 1);
      layers = enterFolder(layers, key);
      return rule?.negated === false;
    });
  };
}

const words = [
  'a',
  'b',
  'ab',
  'aab',
  'aXb',
  'foo',
  'bar',
  'foobar',
  'foob',
  'foo.txt',
  'A',
  'Foo',
  'FOO.TXT',
  'a b',
  'a ',
  ' a',
] as const;
const oddWords = [
  'é',
  'É',
  'aé',
  '!a',
  '#a',
  '[a]',
  'a]b',
  'a-b',
  'a\\b',
  'a*b',
  '**',
  '?',
  '-x',
  'a\tb',
  '0',
  ']',
  '[',
  '日本',
] as const;

function randomPaths(random: SeededRandom): readonly string[] {
  const word = (): string => (random.chance(0.6) ? random.pick(words) : random.pick(oddWords));
  const path = (): string => Array.from({ length: 1 + random.below(4) }, word).join('/');
  return [...new Set(Array.from({ length: 60 }, path))];
}

function makeRepository(folder: string, ignoreCase: boolean): void {
  for (const name of ['objects', 'refs']) mkdirSync(join(folder, '.git', name), { recursive: true });
  writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(folder, '.git/config'), `[core]\n\trepositoryformatversion = 0\n\tignorecase = ${ignoreCase}\n`);
}

function askGit(repository: string, paths: readonly string[]): readonly boolean[] {
  const args = [
    '-C',
    repository,
    '-c',
    'core.excludesFile=',
    'check-ignore',
    '--no-index',
    '-v',
    '-n',
    '-z',
    '--stdin',
  ];
  const fields = execFileSync('git', args, { ...gitOptions, input: paths.join('\0') })
    .toString()
    .split('\0');
  return paths.map((_, place) => {
    const [source = '', pattern = ''] = [fields[place * 4], fields[place * 4 + 2]];
    return source !== '' && !pattern.startsWith('!');
  });
}
