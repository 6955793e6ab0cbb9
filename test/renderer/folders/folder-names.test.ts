import { expect, test } from 'vitest';
import { checkFolderName, lastName } from '../../../src/renderer/folders/folder-names.ts';

test('the name of a new folder is one name, or none', () => {
  expect(['', 'Codex backups', 'ü'].map(checkFolderName)).toEqual([undefined, undefined, undefined]);
  for (const name of ['..', 'a/b', 'a\\b', 'a\u0000', 'x'.repeat(201)]) expect(checkFolderName(name)).toBeDefined();
});

test('the last name of a path stands for it', () => {
  expect(lastName('/Users/ana/Codex/')).toBe('Codex');
  expect(lastName('/')).toBe('/');
});
