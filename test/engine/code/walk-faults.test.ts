import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { measureWork } from '../../helpers/measure-work.ts';
import { makeFolder, pathsOf, walkAsUser, walkRoot, writeTree } from './walk-helpers.ts';

const scale = Number(process.env['SCALE'] ?? 1);

test('B26: FIFOs, sockets and devices are listed and never opened', async () => {
  const root = makeFolder();
  writeTree(root, { '.gitignore': 'ignored\n', file: '' });
  execFileSync('mkfifo', [join(root, 'fifo'), join(root, 'ignored')]);
  const server = createServer().listen(join(root, 'socket'));
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const walk = await walkRoot(root);
  expect(pathsOf(walk)).toEqual(['.gitignore', 'file']);
  expect(walk.skipped).toEqual([
    { path: 'fifo', reason: 'special' },
    { path: 'socket', reason: 'special' },
  ]);
});

test.each(['link', 'fifo', 'folder'])(
  'B37: a .gitignore that is a %s counts for nothing, and the walk does not wait for it',
  async (kind) => {
    const root = makeFolder();
    writeTree(root, { rules: 'file\n', file: '' });
    const path = join(root, '.gitignore');
    if (kind === 'link') symlinkSync('rules', path);
    else if (kind === 'fifo') execFileSync('mkfifo', [path]);
    else mkdirSync(path);
    expect(pathsOf(await walkRoot(root))).toContain('file');
  },
);

test('B28: what an ordinary user can not read is named, and the rest is there', () => {
  const root = makeFolder();
  writeTree(root, { 'closed/x': '', 'listed-only/y': '', 'open/z': '', 'rules/.gitignore': 'x', 'rules/x': '' });
  chmodSync(join(root, 'closed'), 0);
  chmodSync(join(root, 'listed-only'), 0o744);
  chmodSync(join(root, 'rules/.gitignore'), 0);
  const walk = walkAsUser(root);
  expect(walk.paths).toEqual(['listed-only', 'open', 'open/z', 'rules', 'rules/.gitignore', 'rules/x']);
  expect(walk.skipped).toEqual([
    { path: 'closed', reason: 'unreadable', detail: 'EACCES' },
    { path: 'listed-only/y', reason: 'unreadable', detail: 'EACCES' },
  ]);
  expect(walk.warnings).toMatchObject([{ code: 'rules-unreadable' }]);
});

test('an ignored folder is never entered: one that may not be read is no trouble', () => {
  const root = makeFolder();
  writeTree(root, { '.gitignore': 'secret/\n', 'secret/x': '', 'node_modules/y': '', 'a/z': '' });
  chmodSync(join(root, 'secret'), 0);
  chmodSync(join(root, 'node_modules'), 0);
  expect(walkAsUser(root)).toEqual({ paths: ['.gitignore', 'a', 'a/z'], skipped: [], warnings: [] });
});

test('B30: names that are not UTF-8 are listed with their bytes, unless a rule leaves them out', async () => {
  const root = makeFolder();
  writeTree(root, { '.gitignore': 'ignored*\n', 'a/good é': '', 'a/real \ufffd': '' });
  for (const name of ['bad \xff\xfe', 'ignored \xff']) writeFileSync(Buffer.from(`${root}/a/${name}`, 'latin1'), '');
  symlinkSync(Buffer.from('to \xff', 'latin1'), join(root, 'a/link'));
  const walk = await walkRoot(root);
  expect(pathsOf(walk)).toEqual(['.gitignore', 'a/', 'a/good é', 'a/real \ufffd']);
  expect(walk.skipped).toMatchObject([
    { path: 'a/bad \\xff\\xfe', reason: 'name' },
    { path: 'a/link', reason: 'name' },
  ]);
});

test('B31: odd names come through as they are', async () => {
  const root = makeFolder();
  const names = [
    'line\nbreak',
    '\u001b[31mred',
    '-rf',
    'c:colon',
    'a\\b',
    ' edge ',
    '~',
    'x'.repeat(255),
    '\u202egpj',
    '"',
    "'",
    '*',
  ].sort();
  for (const name of names) writeFileSync(join(root, name), '');
  expect(pathsOf(await walkRoot(root))).toEqual(names);
});

test('B31: a path longer than the system takes is listed, and the rest is there', async () => {
  const root = makeFolder();
  // Each step is short; the whole is over 4,096 bytes and 1,500 folders deep.
  const dig = "for (let i = 0; i < 1500; i += 1) { fs.mkdirSync('dddd'); process.chdir('dddd'); }";
  execFileSync(process.execPath, ['-e', dig], { cwd: root });
  onTestFinished(() => void execFileSync('rm', ['-rf', join(root, 'dddd')]));
  writeTree(root, { 'z-last': '' });
  const walk = await walkRoot(root);
  expect(walk.entries.at(-1)?.path).toBe('z-last');
  expect(walk.entries.length).toBeGreaterThan(700);
  expect(walk.skipped).toMatchObject([{ reason: 'unreadable', detail: 'ENAMETOOLONG' }]);
});

test('B33: many files and very many ignored ones: bounded memory, progress, and cancelled after less than a second of work', {
  timeout: 60_000 * scale,
}, async () => {
  const root = makeFolder();
  const files = 10_000 * scale;
  makeManyFiles(root, files);
  const seen: number[] = [];
  const before = heapInUse();
  const walk = await walkRoot(root, { onProgress: ({ done }) => void seen.push(done) });
  expect(heapInUse() - before).toBeLessThan(50e6 + files * 2_000);
  expect(walk.entries.filter(({ kind }) => kind === 'file')).toHaveLength(files + 1);
  expect(seen.length).toBeGreaterThan(2);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));

  const controller = new AbortController();
  let workSince: (() => number) | undefined;
  const onProgress = (): void => {
    if (workSince !== undefined) return;
    workSince = measureWork();
    controller.abort();
  };
  await expect(walkRoot(root, { signal: controller.signal, onProgress })).rejects.toMatchObject({ code: 'cancelled' });
  expect(workSince?.()).toBeLessThan(1_000);
});

/** Without what nobody needs any more, and whose collection may come at any time. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

/** As many files to keep in folders of 100, and as many ignored ones in one folder. */
function makeManyFiles(root: string, files: number): void {
  writeTree(root, { '.gitignore': '*.tmp\nbuild/\n', 'heap/': '' });
  for (let file = 0; file < files; file += 1) {
    if (file % 100 === 0) mkdirSync(join(root, `d${file / 100}`));
    writeFileSync(join(root, `d${Math.floor(file / 100)}`, `f${file}.js`), '');
    writeFileSync(join(root, 'heap', `${file}.tmp`), '');
  }
}

const hostileRules: Readonly<Record<string, string>> = {
  'many stars': `${'*a'.repeat(200)}*b\n`.repeat(500),
  'many globstars': `${'**/a/'.repeat(500)}b\n`.repeat(100),
  'classes without end': `${'['.repeat(100_000)}\n`,
  'nested plus groups': '(a+)+$\n((a*)*)*b\n(?=(a+))*\n',
  'many lines': 'aaaa*b\n'.repeat(100_000),
  'many plain lines': Array.from({ length: 100_000 }, (_, line) => `name${line}`).join('\n'),
  'ten megabytes': 'some/path/*\n'.repeat(900_000),
  'ten megabytes in one line': '*a'.repeat(5_000_000),
  'one long class': `[${'A-Z'.repeat(300_000)}]\n`,
  'spaces and backslashes': `${'\\ '.repeat(200_000)}${' '.repeat(400_000)}x\n`,
};

test.each(Object.entries(hostileRules))(
  'B37: hostile rules (%s) take less than two seconds of work',
  async (_, rules) => {
    const root = makeFolder();
    writeTree(root, { '.gitignore': rules });
    for (let file = 0; file < 100; file += 1) writeFileSync(join(root, `${'a'.repeat(240)}${file}`), '');
    writeTree(root, { [`${'a/'.repeat(200)}end`]: '' });
    expect(lstatSync(join(root, '.gitignore')).size).toBe(rules.length);
    const work = measureWork();
    const walk = await walkRoot(root);
    expect(work()).toBeLessThan(2_000);
    expect(pathsOf(walk)).toContain(`${'a/'.repeat(200)}end`);
  },
);

test('B37: rules too large to be any are named, and what they would leave out is kept', async () => {
  const root = makeFolder();
  writeTree(root, { '.gitignore': `file\n${'x'.repeat(1024 * 1024)}`, file: '' });
  const walk = await walkRoot(root);
  expect(walk.warnings).toMatchObject([{ code: 'rules-too-large' }]);
  expect(pathsOf(walk)).toContain('file');
});
