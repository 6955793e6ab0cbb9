import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import {
  describeMissingNatives,
  findMissingNatives,
} from '../../../../src/engine/restore/services/find-missing-natives.ts';
import { createPlace } from './support/command-place.ts';

test('F89: a package whose install script npm did not run, and that has no compiled part, is found', () => {
  const place = createPlace();
  const write = (path: string, text = ''): void => {
    mkdirSync(dirname(place.path(path)), { recursive: true });
    writeFileSync(place.path(path), text);
  };
  const scripted = { hasInstallScript: true };
  const packages = {
    'node_modules/sqlite3': scripted,
    'node_modules/@scope/compiled': scripted,
    'node_modules/prebuilt': scripted,
    'node_modules/only-a-message': scripted,
    'node_modules/plain': {},
    'node_modules/optional': { ...scripted, optional: true },
    'node_modules/not-for-this-system': scripted,
    'node_modules/a/node_modules/nested': scripted,
  };
  write('node_modules/.package-lock.json', JSON.stringify({ packages }));
  for (const name of ['sqlite3', '@scope/compiled', 'prebuilt', 'plain', 'optional', 'a/node_modules/nested']) {
    write(`node_modules/${name}/binding.gyp`);
  }
  write('node_modules/sqlite3/node_modules/other/x.node');
  write('node_modules/@scope/compiled/build/Release/x.node');
  write('node_modules/prebuilt/prebuilds/linux-x64/x.node');
  write('node_modules/only-a-message/package.json', '{}');
  const missing = findMissingNatives(place.folder);
  expect(missing).toEqual(['node_modules/a/node_modules/nested', 'node_modules/sqlite3']);
  expect(describeMissingNatives('codex-brain', missing)).toContain('"npm install-scripts approve nested sqlite3"');
  write('node_modules/sqlite3/build/Release/node_sqlite3.node');
  rmSync(place.path('node_modules/a'), { recursive: true });
  expect(findMissingNatives(place.folder)).toEqual([]);
});

test('Where npm left no note, or one that can not be read, nothing is said to be missing', () => {
  const place = createPlace();
  expect(findMissingNatives(place.folder)).toEqual([]);
  mkdirSync(place.path('node_modules'));
  writeFileSync(place.path('node_modules/.package-lock.json'), '{ not json');
  expect(findMissingNatives(place.folder)).toEqual([]);
});
