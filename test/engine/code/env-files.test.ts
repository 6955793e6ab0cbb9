import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEnvKeys } from '../../../src/engine/code/env-files.ts';
import { makeFolder, writeTree } from './walk-helpers.ts';

const secret = 'canary-7f3a';

test('the keys of an environment file are listed, and none of its values', () => {
  const root = makeFolder();
  const text = [
    '\ufeff# COMMENT=1',
    `PLAIN=${secret}`,
    `  SPACED = "${secret}"`,
    `export EXPORTED='${secret}'`,
    'EMPTY=',
    'dotted.key-1=x',
    `MULTI="first ${secret}`,
    `INSIDE=${secret}`,
    'last"',
    `ESCAPED="a \\" ${secret}"`,
    `${secret}`,
    'PLAIN=again',
    'AFTER=`x`',
  ];
  writeTree(root, { 'a/.env': text.join('\r\n') });
  const files = readEnvKeys(root, ['a/.env']);
  expect(files).toEqual([
    { path: 'a/.env', keys: ['PLAIN', 'SPACED', 'EXPORTED', 'EMPTY', 'dotted.key-1', 'MULTI', 'ESCAPED', 'AFTER'] },
  ]);
  expect(JSON.stringify(files)).not.toContain(secret);
});

test('a file that is too large, missing, a link or a FIFO gives no keys', () => {
  const root = makeFolder();
  writeTree(root, { large: `A=1\n${'#'.repeat(1024 * 1024)}`, target: 'B=2' });
  symlinkSync('target', join(root, 'link'));
  execFileSync('mkfifo', [join(root, 'fifo')]);
  const paths = ['large', 'missing', 'link', 'fifo'];
  expect(readEnvKeys(root, paths)).toEqual(paths.map((path) => ({ path, keys: [] })));
});
