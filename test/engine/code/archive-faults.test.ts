import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { writeIndex } from '../../../src/engine/code/code-index.ts';
import { closeWorkers } from '../../../src/engine/code/pack-pool.ts';
import { registerSqliteFile } from '../../../src/engine/platform/open-file.ts';
import { measureWork } from '../../helpers/measure-work.ts';
import {
  archive,
  archiveWritten,
  asPrevious,
  longAgo,
  makeTree,
  manyFiles,
  problemsOf,
  pseudoRandom,
  unpack,
  type Written,
  writeFile,
} from './archive-fixture.ts';
import { listTree } from './list-tree.ts';

afterAll(() => closeWorkers());

const childFile = fileURLToPath(new URL('./archive-child.ts', import.meta.url));
const hasStrace = spawnSync('strace', ['-V']).status === 0;

interface ChildResult {
  readonly kind: string;
  readonly code?: string;
  readonly message?: string;
  readonly left?: boolean;
  readonly skipped?: readonly { readonly path: string; readonly reason: string; readonly detail?: string }[];
  readonly paths?: readonly string[];
}

/** Archives in a child, under `command` (such as strace with its options) where one is given. */
function archiveInChild(
  root: string,
  files: readonly string[],
  command: readonly string[] = [],
  uid?: number,
): ChildResult {
  const [program = '', ...rest] = [...command, process.execPath, childFile, root, ...files];
  const output = execFileSync(program, rest, {
    ...(uid === undefined ? {} : { uid, gid: uid }),
    // strace counts calls by thread.
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    encoding: 'utf8',
  });
  return JSON.parse(output);
}

const strace = (path: string, inject: string): string[] => [
  'strace',
  '-f',
  '-qq',
  '-o',
  '/dev/null',
  '-P',
  path,
  '-e',
  `inject=${inject}`,
];

describe('B22, B23: a file that changes while it is read', () => {
  /** A process that changes the file until it is killed; it has begun when the file is not as it was. */
  async function disturb(file: string, script: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, ['-e', script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    return child;
  }
  const appender = `const fs=require('fs'),f=process.argv[1];let n=0;console.log('on');setInterval(()=>{for(let i=0;i<200;i++){fs.appendFileSync(f,'more');if(++n%2000===0)fs.truncateSync(f,SIZE);}},0)`;
  const truncater = `const fs=require('fs'),f=process.argv[1];console.log('on');setInterval(()=>{for(let i=0;i<50;i++){fs.truncateSync(f,100);fs.truncateSync(f,SIZE);}},0)`;

  test.each([
    ['grows, small', appender, 600_000],
    ['shrinks, small', truncater, 600_000],
    ['grows, large', appender, 8_000_000],
    ['shrinks, large', truncater, 8_000_000],
  ])('%s: its entry is as long as its header says, and it is named', async (_, script, size) => {
    const root = makeTree({ 'a.txt': 'a', 'log.txt': pseudoRandom(size, 1), 'z.txt': 'z' });
    const child = await disturb(join(root, 'log.txt'), script.replaceAll('SIZE', String(size)));
    let fired: { archiveFile: string; result: Written } | undefined;
    for (let attempt = 0; attempt < 200 && fired === undefined; attempt += 1) {
      const archived = await archiveWritten(root);
      if (archived.result.warnings.length > 0) fired = archived;
      else unlinkSync(archived.archiveFile);
    }
    child.kill('SIGKILL');
    if (fired === undefined) throw new Error('the file never changed while it was read');
    expect(fired.result.warnings).toEqual([
      { code: 'changed-while-read', message: expect.stringContaining('log.txt') },
    ]);
    expect(await problemsOf(fired)).toEqual([]);
    const files = unpack(fired.archiveFile);
    expect(files.get('log.txt')?.length).toBe(fired.result.index.entries.find(({ path }) => path === 'log.txt')?.size);
    expect([...files.keys()]).toEqual(['a.txt', 'log.txt', 'z.txt']);
  });

  test('one that grew between walk and opening is stored as it is when it is opened, and seen as it is next time', async () => {
    const root = makeTree({ 'a.txt': 'a', 'log.txt': 'short' });
    const entries = listTree(root);
    appendFileSync(join(root, 'log.txt'), 'x'.repeat(2_000_000));
    utimesSync(join(root, 'log.txt'), longAgo, longAgo);
    const first = await archiveWritten(root, { entries });
    expect(first.result.warnings).toEqual([]);
    expect(unpack(first.archiveFile).get('log.txt')).toHaveLength(2_000_005);
    expect(await problemsOf(first)).toEqual([]);
    truncateSync(join(root, 'log.txt'), 5);
    const second = await archiveWritten(root, asPrevious(first));
    expect(unpack(second.archiveFile).get('log.txt')).toBe('short');
  });
});

describe('a file that is not what the walk saw', () => {
  const large = pseudoRandom(2_500_000, 8);

  test('B24: vanished files and folders are listed and left out', async () => {
    const root = makeTree({ ...manyFiles(), 'large.bin': large });
    const entries = listTree(root);
    unlinkSync(join(root, 'dir1/file1.txt'));
    unlinkSync(join(root, 'large.bin'));
    rmSync(join(root, 'dir2'), { recursive: true });
    const archived = await archiveWritten(root, { entries });
    const gone = ['dir1/file1.txt', 'large.bin', ...[2, 42, 82, 122, 162].map((i) => `dir2/file${i}.txt`)];
    expect(new Set(archived.result.skipped)).toEqual(
      new Set(gone.map((path) => ({ path, reason: 'vanished', detail: 'ENOENT' }))),
    );
    expect(await problemsOf(archived)).toEqual([]);
    expect(unpack(archived.archiveFile).size).toBe(194);
  });

  test.each([
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
    ['a link', (path: string) => symlinkSync('/etc/passwd', path)],
    ['a folder', (path: string) => mkdirSync(path)],
    [
      'a socket',
      (path: string) =>
        execFileSync('python3', [
          '-c',
          'import socket,sys,os; os.chdir(os.path.dirname(sys.argv[1])); socket.socket(socket.AF_UNIX).bind(os.path.basename(sys.argv[1]))',
          path,
        ]),
    ],
  ])('B25: %s in place of a file is neither followed nor waited for', async (_, replace) => {
    const root = makeTree({ 'a.txt': 'a', 'b.txt': 'b', 'c.bin': large });
    const entries = listTree(root);
    for (const name of ['b.txt', 'c.bin']) {
      unlinkSync(join(root, name));
      replace(join(root, name));
    }
    const archived = await archiveWritten(root, { entries });
    expect(archived.result.skipped.map(({ path, reason }) => `${path} ${reason}`).sort()).toEqual([
      'b.txt replaced',
      'c.bin replaced',
    ]);
    expect([...unpack(archived.archiveFile).keys()]).toEqual(['a.txt']);
  });

  test('B25: a parent folder that became a link is not followed out of the root', async () => {
    const root = makeTree({ 'dir/secret.txt': 'mine', 'dir/large.bin': large });
    const outside = makeTree({ 'secret.txt': 'not mine', 'large.bin': large });
    const entries = listTree(root);
    renameSync(join(root, 'dir'), join(dirname(root), 'moved'));
    symlinkSync(outside, join(root, 'dir'));
    const archived = await archiveWritten(root, { entries });
    expect(archived.result.skipped.map(({ reason }) => reason)).toEqual(['replaced', 'replaced']);
    expect(archived.result.index.entries.map(({ path }) => path)).toEqual(['dir']);
  });

  test('a file that became a database since the walk is not archived, whatever its size', async () => {
    const database = Buffer.concat([Buffer.from('SQLite format 3\0'), large]);
    const root = makeTree({ 'a.txt': 'a', 'small.db': database.subarray(0, 4096), 'large.db': database });
    const archived = await archiveWritten(root);
    const reason = { reason: 'replaced', detail: 'became a database' };
    expect(new Set(archived.result.skipped)).toEqual(
      new Set([
        { path: 'large.db', ...reason },
        { path: 'small.db', ...reason },
      ]),
    );
    expect([...unpack(archived.archiveFile).keys()]).toEqual(['a.txt']);
  });

  test('A15: a file that this process has open through SQLite is not opened, in no thread', async () => {
    const root = makeTree({ 'a.txt': 'a', 'open.db': 'x' });
    const entries = listTree(root);
    const file = entries.find(({ path }) => path === 'open.db');
    if (file === undefined) throw new Error('no such entry');
    onTestFinished(registerSqliteFile(file));
    const archived = await archiveWritten(root);
    expect(archived.result.skipped).toEqual([{ path: 'open.db', reason: 'replaced', detail: 'open as a database' }]);
  });
});

describe('a file that can never be read', () => {
  /** Makes a tree that another user can enter, with files that it can't read. */
  function makeUnreadable(): { root: string; uid: number | undefined; folder: string } {
    const root = makeTree({ ...manyFiles(), 'dir7/secret.txt': 'x', 'large-secret.bin': pseudoRandom(2_000_000, 1) });
    const folder = dirname(root);
    chmodSync(join(root, 'dir7/secret.txt'), 0);
    chmodSync(join(root, 'large-secret.bin'), 0);
    chmodSync(folder, 0o777);
    return { root, folder, uid: process.getuid?.() === 0 ? 65_534 : undefined };
  }

  test('B28: is listed, and every snapshot after it is still linked', async () => {
    const { root, folder, uid } = makeUnreadable();
    const first = archiveInChild(root, [join(folder, 'one.tar.gz')], [], uid);
    const skipped = ['dir7/secret.txt', 'large-secret.bin'].map((path) => ({
      path,
      reason: 'unreadable',
      detail: 'EACCES',
    }));
    expect(first.kind).toBe('written');
    expect(new Set(first.skipped)).toEqual(new Set(skipped));
    // The same archive, made where its index can be kept.
    const readable = listTree(root).filter(({ path }) => !path.includes('secret'));
    const stored = await archiveWritten(root, { entries: readable });
    chmodSync(stored.archiveFile, 0o644);
    writeIndex(join(folder, 'index'), stored.result.index);
    chmodSync(join(folder, 'index'), 0o644);
    const second = archiveInChild(
      root,
      [join(folder, 'two.tar.gz'), stored.archiveFile, join(folder, 'index')],
      [],
      uid,
    );
    expect(second.kind).toBe('linkable');
    expect(new Set(second.skipped)).toEqual(new Set(skipped));
    expect(existsSync(join(folder, 'two.tar.gz'))).toBe(false);
  });

  test('is stored as soon as it can be read', async () => {
    const root = makeTree({ ...manyFiles(), 'dir7/secret.txt': 'x' });
    const first = await archiveWritten(root, {
      entries: listTree(root).filter(({ path }) => path !== 'dir7/secret.txt'),
    });
    const second = await archiveWritten(root, asPrevious(first));
    expect(unpack(second.archiveFile).get('dir7/secret.txt')).toBe('x');
  });

  test.skipIf(!hasStrace)('B29: an I/O error leaves a file out, small or half-way through a large one', async () => {
    const root = makeTree({ ...manyFiles(), 'dir7/bad.txt': 'x'.repeat(5000), 'bad.bin': pseudoRandom(4_000_000, 1) });
    const folder = dirname(root);
    for (const [path, inject] of [
      ['dir7/bad.txt', 'pread64:error=EIO'],
      ['bad.bin', 'pread64:error=EIO:when=3'],
    ] as const) {
      const archiveFile = join(folder, `${path.length}.tar.gz`);
      const result = archiveInChild(root, [archiveFile], strace(join(root, path), inject));
      expect(result.skipped).toEqual([{ path, reason: 'unreadable', detail: 'EIO' }]);
      expect(result.paths).not.toContain(path);
      const others = listTree(root).filter(({ kind, path: other }) => kind === 'file' && other !== path);
      expect(new Set(unpack(archiveFile).keys())).toEqual(new Set(others.map((entry) => entry.path)));
    }
    const readable = listTree(root).filter(({ path }) => path !== 'bad.bin');
    const stored = await archiveWritten(root, { entries: readable });
    writeIndex(join(folder, 'index'), stored.result.index);
    const files = [join(folder, 'next.tar.gz'), stored.archiveFile, join(folder, 'index')];
    const next = archiveInChild(root, files, strace(join(root, 'bad.bin'), 'pread64:error=EIO:when=3'));
    expect(next.kind).toBe('linkable');
    expect(next.skipped).toEqual([{ path: 'bad.bin', reason: 'unreadable', detail: 'EIO' }]);
  });
});

describe('a failure to write', () => {
  test.skipIf(!hasStrace).each([
    ['C39', 'pwrite64:error=ENOSPC:when=2', 'disk-full'],
    ['C42', 'pwrite64:error=EIO:when=2', 'io'],
    ['C42', 'fsync:error=EIO', 'io'],
  ])('%s: %s is an error that names the file, and leaves none', (_, inject, code) => {
    const root = makeTree(manyFiles(20_000));
    const archiveFile = join(dirname(root), 'full.tar.gz');
    const result = archiveInChild(root, [archiveFile], strace(archiveFile, inject));
    expect(result).toEqual({ kind: 'failed', code, message: expect.stringContaining(archiveFile), left: false });
  });

  test('an archive file that exists already is not overwritten', async () => {
    const root = makeTree({ a: 'a' });
    const archiveFile = join(dirname(root), 'mine');
    writeFileSync(archiveFile, 'mine');
    await expect(archive(root, { archiveFile })).rejects.toThrow();
    expect(readFileSync(archiveFile, 'utf8')).toBe('mine');
  });
});

describe('B33: cancelling', () => {
  test.each([0, 1, 3, 8])('after %i steps ends after less than a second of work and leaves no file', async (steps) => {
    const root = makeTree({ ...manyFiles(30_000), 'large.bin': pseudoRandom(20_000_000, 2) });
    const controller = new AbortController();
    const archiveFile = join(dirname(root), 'cancelled.tar.gz');
    let seen = 0;
    let work: (() => number) | undefined;
    const abort = (): void => {
      work = measureWork();
      controller.abort(new Error('enough'));
    };
    if (steps === 0) setImmediate(abort);
    const onProgress = (): void => {
      seen += 1;
      if (seen === steps) abort();
    };
    await expect(archive(root, { archiveFile, signal: controller.signal, onProgress })).rejects.toThrow('enough');
    expect(work?.()).toBeLessThan(1000);
    expect(existsSync(archiveFile)).toBe(false);
  });

  test('before it begins does nothing', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(archive(makeTree({ a: 'a' }), { signal })).rejects.toThrow('enough');
  });
});

test('progress counts up to its total', async () => {
  const root = makeTree({ ...manyFiles(), 'large.bin': pseudoRandom(3_000_000, 2) });
  writeFile(root, 'another', 'x');
  const seen: { done: number; total: number | undefined }[] = [];
  await archive(root, { onProgress: ({ done, total }) => seen.push({ done, total }) });
  expect(seen.length).toBeGreaterThan(2);
  expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).sort((a, b) => a - b));
  expect(seen.at(-1)?.done).toBe(seen.at(-1)?.total);
});
