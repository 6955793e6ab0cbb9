import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSettings, resetSettings, settingsFile, writeSetting } from '../../src/engine/settings-file.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'none';
  }
  return 'no error';
};

test('without a file the defaults hold', () => {
  const settings = readSettings(temporaryFolder());
  expect(settings.brain).toBe('codex-brain/codex-brain-data/codex-brain.db');
  expect(settings.include).toContain('codex-hands');
});

test('a setting is kept, and reset by undefined', () => {
  const home = temporaryFolder();
  writeSetting(home, 'verify.rereadDays', 3);
  expect(readSettings(home).verify.rereadDays).toBe(3);
  writeSetting(home, 'verify.rereadDays', undefined);
  expect(readSettings(home).verify.rereadDays).toBe(7);
});

test('C56: a cut, foreign or misspelled file is refused and left as it is', () => {
  for (const text of ['{"version": 1, "inc', '[]', '{"includes": []}', '{"verify": {"rereadDays": "7"}}']) {
    const home = temporaryFolder();
    writeFileSync(settingsFile(home), text);
    expect(
      code(() => readSettings(home)),
      text,
    ).toBe('settings-invalid');
    expect(
      code(() => writeSetting(home, 'root', '/x')),
      text,
    ).toBe('settings-invalid');
    expect(readFileSync(settingsFile(home), 'utf8')).toBe(text);
  }
});

test('C56: a newer version is refused and left as it is', () => {
  const home = temporaryFolder();
  writeFileSync(settingsFile(home), '{"version": 2, "new": true}');
  expect(code(() => readSettings(home))).toBe('settings-newer');
  expect(code(() => writeSetting(home, 'root', '/x'))).toBe('settings-newer');
});

test('a reset keeps the old file beside the new one', () => {
  const home = temporaryFolder();
  writeFileSync(settingsFile(home), 'broken');
  const kept = resetSettings(home, new Date(0));
  expect(readFileSync(kept ?? '', 'utf8')).toBe('broken');
  expect(existsSync(join(home, 'settings.json'))).toBe(false);
  expect(resetSettings(home, new Date(0))).toBeNull();
});

test('a wrong value and an unknown key change nothing', () => {
  const home = temporaryFolder();
  writeSetting(home, 'exclude', ['*.tmp']);
  expect(code(() => writeSetting(home, 'exclude', 'tmp'))).toBe('settings-invalid');
  expect(code(() => writeSetting(home, '__proto__.polluted', true))).toBe('usage');
  expect(code(() => writeSetting(home, 'no.such', true))).toBe('settings-invalid');
  expect(readSettings(home).exclude).toEqual(['*.tmp']);
});

test.each([
  ['include', ['codex-brain', '../elsewhere']],
  ['include', ['/etc']],
  ['include', ['codex-brain/../../elsewhere']],
  ['leftOut', ['..']],
  ['brain', '../elsewhere.db'],
  ['brain', '/var/brain.db'],
  ['restore.healthUrls', ['localhost:4100/health']],
  ['restore.healthUrls', ['file:///etc/passwd']],
])('what could never be of use is refused before it is written: %s %j', (key, value) => {
  const home = temporaryFolder();
  expect(code(() => writeSetting(home, key, value))).toBe('settings-invalid');
  expect(existsSync(settingsFile(home))).toBe(false);
});

test.each([
  ['include', ['.']],
  ['include', ['..hidden', 'a/..b/c', './codex-brain']],
  ['restore.healthUrls', ['http://127.0.0.1:4100/health', 'https://codex.local/health']],
])('what is unusual and of use is taken: %s %j', (key, value) => {
  const home = temporaryFolder();
  expect(code(() => writeSetting(home, key, value))).toBe('no error');
});
