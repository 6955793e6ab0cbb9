import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SeededRandom } from './seeded-random.ts';

const names = [
  'a', 'b', 'ab', 'aab', 'aXb', 'foo', 'bar', 'foobar', 'foo.txt', 'x.tmp', 'A', 'Foo', 'FOO.TXT', 'a b', 'a ', ' a',
  'é', 'É', 'aé', 'éa', '!a', '#a', '[a]', 'a]b', 'a-b', 'a\\b', 'a*b', '**', '?', '.hidden', '-x', 'a\tb', '0', '9z', 'a.b.c', '日本',
] as const; // biome-ignore format: a list of words

const pieces = [
  'a', 'b', 'ab', 'foo', 'bar', 'x', '.txt', '.tmp', 'A', 'F', 'é', '*', '*', '*', '**', '**', '***', '?', '/', '/', '/', '\\', '\\*', '\\a', '\\A', '\\/',
  ' ', '\\ ', '!', '#', '[a]', '[!a]', '[^b]', '[a-f]', '[A-F]', '[b-a]', '[]a]', '[!]a]', '[a/b]', '[[:alpha:]]', '[[:upper:]]', '[[:space:]]',
  '[[:nope:]]', '[[:digit:][:punct:]]', '[[a]', '[', ']', '-', '[\\]a]', '[a-]', '[-a]', '[é]', '[a-\\f]', '[*]', '\t', '{a,b}', '(a|b)', '+', '.', '$', '^',
] as const; // biome-ignore format: a list of words

/** Makes a repository with random files, rule files, tracked files and nested repositories; gives all repositories' folders. */
export function makeRandomRepository(random: SeededRandom, folder: string): readonly string[] {
  const ignoreCase = random.chance(0.25);
  const paths = makeFiles(random, folder, ignoreCase);
  const folders = ['', ...new Set(paths.flatMap(parents))];
  const repositories = ['', ...folders.filter((path) => path !== '' && random.chance(0.02))];
  for (const path of repositories) makeGitFolder(random, join(folder, path), paths, ignoreCase);
  for (const path of folders)
    if (path === '' || random.chance(0.3)) writeRules(random, join(folder, path, '.gitignore'), paths);
  if (random.chance(0.3))
    for (const path of repositories) trackSome(random, join(folder, path), path, paths, repositories);
  return repositories;
}

/** Where case is to be ignored, no two names differ in case only: on such a disk they could not. */
function makeFiles(random: SeededRandom, folder: string, ignoreCase: boolean): readonly string[] {
  const paths: string[] = [];
  const words = [...names].filter(
    (name) =>
      random.chance(0.4) &&
      !(ignoreCase && names.some((other) => other > name && other.toLowerCase() === name.toLowerCase())),
  );
  const choices: readonly [string, ...string[]] = ['a', 'foo', 'b', ...words];
  for (let file = 25 + random.below(60); file > 0; file -= 1) {
    const path = Array.from({ length: 1 + random.below(4) }, () => random.pick(choices)).join('/');
    const taken = parents(path).some((parent) => paths.includes(parent)) || existsSync(join(folder, path));
    if (taken) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), '');
    paths.push(path);
  }
  return paths;
}

function parents(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, count) => parts.slice(0, count + 1).join('/'));
}

function makeGitFolder(random: SeededRandom, folder: string, paths: readonly string[], ignoreCase: boolean): void {
  for (const name of ['objects', 'refs', 'info']) mkdirSync(join(folder, '.git', name), { recursive: true });
  writeFileSync(join(folder, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  const caseLine = ignoreCase ? '\tignorecase = true\n' : '';
  writeFileSync(join(folder, '.git', 'config'), `[core]\n\trepositoryformatversion = 0\n${caseLine}`);
  if (random.chance(0.3)) writeRules(random, join(folder, '.git', 'info', 'exclude'), paths);
}

function writeRules(random: SeededRandom, file: string, paths: readonly string[]): void {
  const end = random.chance(0.15) ? '\r\n' : '\n';
  const lines = Array.from({ length: 1 + random.below(6) }, () => randomPattern(random, paths));
  writeFileSync(file, (random.chance(0.1) ? '\ufeff' : '') + lines.join(end) + (random.chance(0.7) ? end : ''));
}

export function randomPattern(random: SeededRandom, paths: readonly string[]): string {
  const known = paths[random.below(paths.length)] ?? 'a';
  const body = random.chance(0.6)
    ? bend(random, known)
    : Array.from({ length: 1 + random.below(5) }, () => random.pick(pieces)).join('');
  const negation = random.chance(0.25) ? '!' : '';
  const tail = random.pick(['', '', '', '', '/', '/', '/**', '/*', ' ', '  ', '\\', '\\ ', '/ ', '//']);
  return negation + (random.chance(0.15) ? '/' : '') + body + tail;
}

/** A path of the tree made into a pattern that may match it: parts replaced, cut and joined. */
function bend(random: SeededRandom, path: string): string {
  const parts = path.split('/').slice(random.chance(0.5) ? 0 : random.below(3));
  const bent = parts.map((part) => {
    if (random.chance(0.5)) return part;
    if (random.chance(0.3)) return random.pick(['*', '**', '?', '***']);
    const at = random.below(part.length + 1);
    return part.slice(0, at) + random.pick(pieces) + part.slice(at + random.below(2));
  });
  return bent.slice(0, 1 + random.below(bent.length)).join(random.chance(0.1) ? '\\/' : '/');
}

function trackSome(
  random: SeededRandom,
  repository: string,
  own: string,
  paths: readonly string[],
  repositories: readonly string[],
): void {
  const inside = paths.filter((path) => ownerOf(path, repositories) === own && random.chance(0.15));
  if (inside.length === 0) return;
  const relative = inside.map((path) => `:(literal)${own === '' ? path : path.slice(own.length + 1)}`);
  const version = random.pick(['2', '4']);
  execFileSync(
    'git',
    ['-C', repository, '-c', `index.version=${version}`, '-c', 'core.fsync=none', 'add', '-f', '--', ...relative],
    gitOptions,
  );
}

/** The innermost repository that a path belongs to. */
function ownerOf(path: string, repositories: readonly string[]): string {
  const around = repositories.filter((folder) => folder === '' || path.startsWith(`${folder}/`));
  return around.reduce((deepest, folder) => (folder.length > deepest.length ? folder : deepest), '');
}

/** git without anyone's own settings. */
export const gitOptions = {
  env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' },
  maxBuffer: 64 * 1024 * 1024,
  stdio: 'pipe',
} as const;

/** What git says belongs to a work tree: tracked, or untracked and not ignored. Nested repositories end in `/`. */
export function listWithGit(repository: string): readonly string[] {
  const args = ['-C', repository, '-c', 'core.excludesFile=', 'ls-files', '-c', '-o', '-z', '--exclude-standard'];
  return execFileSync('git', args, gitOptions)
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '');
}
