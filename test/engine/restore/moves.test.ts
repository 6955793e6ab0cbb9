import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createJournal, readJournal } from '../../../src/engine/restore/journal.ts';
import { makeChanges } from '../../../src/engine/restore/moves.ts';
import { announcedChanges, undoChanges } from '../../../src/engine/restore/undo-changes.ts';
import { hashTree } from '../../helpers/hash-tree.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const own = '.Codex-restores/r1';
const changeCount = 6;

function createPlace(): string {
  const base = temporaryFolder();
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  };
  write('Codex/a.txt', 'old');
  write('Codex/folder/inner.txt', 'old inner');
  write('Codex/folder/.env', 'SECRET=1');
  write('Codex/kept.sh', 'kept');
  chmodSync(join(base, 'Codex/kept.sh'), 0o644);
  write(`${own}/staged/a.txt`, 'new');
  write(`${own}/staged/folder/inner.txt`, 'new inner');
  return base;
}

function run(action: 'make' | 'undo', base: string, point = ''): NodeJS.Signals | number | null {
  const script = new URL('./change-child.ts', import.meta.url).pathname;
  const env = { ...process.env, CODEX_BACKUP_FAIL_POINT: point };
  const { signal, status, stderr } = spawnSync(process.execPath, [script, action, base], { env, encoding: 'utf8' });
  if (signal === null && status !== 0) throw new Error(stderr);
  return signal ?? status;
}

test('changes are made in order, and undone exactly', () => {
  const base = createPlace();
  const before = hashTree(join(base, 'Codex'));
  expect(run('make', base)).toBe(0);
  expect(readFileSync(join(base, 'Codex/a.txt'), 'utf8')).toBe('new');
  expect(readFileSync(join(base, 'Codex/folder/inner.txt'), 'utf8')).toBe('new inner');
  expect(existsSync(join(base, `${own}/replaced/folder/.env`))).toBe(true);
  mkdirSync(join(base, 'Codex/dist'));
  writeFileSync(join(base, 'Codex/dist/built.js'), 'half built');
  run('undo', base);
  expect(hashTree(join(base, 'Codex'))).toEqual(before);
  expect(readFileSync(join(base, `${own}/aside/1/dist/built.js`), 'utf8')).toBe('half built');
});

const points = Array.from({ length: changeCount }, (_, index) => index + 1).flatMap((number) => [
  `${number}:before`,
  `${number}:after`,
]);

// A test for each point: all together would start Node more often than one test has time for on a loaded machine.
test.for(points)('F78: a process that is killed at change %s is rolled back to the very tree that was', (point) => {
  const base = createPlace();
  const before = hashTree(join(base, 'Codex'));
  expect(run('make', base, `kill:change:${point}`)).toBe('SIGKILL');
  run('undo', base);
  expect(hashTree(join(base, 'Codex'))).toEqual(before);
});

test.for(points)('F78: a rollback that is killed at step %s is finished by the next', (point) => {
  const base = createPlace();
  const before = hashTree(join(base, 'Codex'));
  run('make', base);
  expect(run('undo', base, `kill:undo:${point}`)).toBe('SIGKILL');
  run('undo', base);
  run('undo', base);
  expect(hashTree(join(base, 'Codex'))).toEqual(before);
});

test('F84: a move that fails half-way leaves what rolls back completely, and replaces nothing', () => {
  const base = createPlace();
  const before = hashTree(join(base, 'Codex'));
  const journal = createJournal(join(base, own, 'journal.jsonl'));
  const change = () =>
    makeChanges(base, journal, [
      { kind: 'move', from: 'Codex/a.txt', to: `${own}/replaced/a.txt` },
      { kind: 'move', from: `${own}/staged/a.txt`, to: 'Codex/kept.sh' },
    ]);
  expect(change).toThrow(/kept\.sh is there already/);
  expect(existsSync(join(base, 'Codex/a.txt'))).toBe(false);
  undoChanges(announcedChanges(journal.records()), { base, own, databases: new Set() });
  expect(hashTree(join(base, 'Codex'))).toEqual(before);
});

test('what another program makes in the way of a rollback is kept aside', () => {
  const base = createPlace();
  run('make', base);
  writeFileSync(join(base, 'Codex/new-a.txt'), 'written by a service');
  // A service that saves by renaming puts a file of its own in the place of ours.
  spawnSync('mv', [join(base, 'Codex/new-a.txt'), join(base, 'Codex/a.txt')]);
  run('undo', base);
  expect(readFileSync(join(base, 'Codex/a.txt'), 'utf8')).toBe('old');
  expect(readFileSync(join(base, `${own}/aside/1/a.txt`), 'utf8')).toBe('written by a service');
});

test('F91: a rollback that can not find what was moved says so, and deletes nothing', () => {
  const base = createPlace();
  run('make', base);
  spawnSync('mv', [join(base, `${own}/replaced/a.txt`), join(base, 'elsewhere.txt')]);
  const changes = announcedChanges(readJournal(join(base, own, 'journal.jsonl')));
  expect(() => undoChanges(changes, { base, own, databases: new Set() })).toThrow(/neither there nor at/);
  expect(readFileSync(join(base, 'elsewhere.txt'), 'utf8')).toBe('old');
});

test('a journal is read up to a torn last line, and refused when it is damaged before it', () => {
  const file = join(temporaryFolder(), 'journal.jsonl');
  const journal = createJournal(file);
  journal.append({ kind: 'commit' });
  journal.append({ kind: 'end', outcome: 'restored' });
  appendFileSync(file, '{"n":3,"record":{"kind":"en');
  expect(readJournal(file)).toEqual([{ kind: 'commit' }, { kind: 'end', outcome: 'restored' }]);
  writeFileSync(file, readFileSync(file, 'utf8').replace('commit', 'c0mmit'));
  expect(() => readJournal(file)).toThrow(/Line 1 of the journal/);
});
