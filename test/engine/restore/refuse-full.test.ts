import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type RootFacts, refuseFullRestore } from '../../../src/engine/restore/refuse-full.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** A root about which nothing is wrong. */
function createFacts(): RootFacts {
  const base = temporaryFolder();
  const root = join(base, 'Codex');
  mkdirSync(root);
  const backups = join(root, 'backups');
  return { root, named: root, backups, program: ['/opt/program'], home: join(base, 'home'), workingFolder: base };
}

const refusing = (change: (facts: RootFacts) => Partial<RootFacts>) => () => {
  const facts = createFacts();
  refuseFullRestore({ ...facts, ...change(facts) });
};

test('a root that can be moved away whole is not refused', () => {
  expect(refusing(() => ({}))).not.toThrow();
});

test('each reason why a root can not be moved away whole has a message of its own', () => {
  const mounted = process.platform === 'linux' ? '/proc' : '/dev';
  expect(refusing(() => ({ root: mounted, named: mounted }))).toThrow(`${mounted} is a mount point`);
  expect(refusing(({ root }) => ({ program: [join(root, 'tools/codex-backup')] }))).toThrow(
    'holds this program itself',
  );
  expect(refusing(({ root }) => ({ home: join(root, 'home') }))).toThrow('holds the app home');
  expect(refusing(({ root }) => ({ workingFolder: root }))).toThrow('holds the working folder');
  const linked = refusing(({ root }) => {
    const named = join(dirname(root), 'link');
    symlinkSync(root, named);
    return { named };
  });
  expect(linked).toThrow('is a link');
});

test('F84: a root in a folder that can not be written is refused before anything is looked at', (context) => {
  if (process.getuid?.() === 0) return context.skip('root may write everywhere');
  const facts = createFacts();
  chmodSync(dirname(facts.root), 0o500);
  try {
    expect(() => refuseFullRestore(facts)).toThrow('can not be written: EACCES');
  } finally {
    chmodSync(dirname(facts.root), 0o700);
  }
});
