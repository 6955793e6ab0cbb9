import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandList } from '../../src/cli/command-list.ts';
import { exitCodeFor, exitCodes } from '../../src/cli/exit-codes.ts';
import { settingKeys } from '../../src/cli/setting-keys.ts';
import { type ErrorCode, errorCodes } from '../../src/shared/app-error.ts';

const doc = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

/** The text between a heading and the next one of the same level. */
function section(title: string): string {
  const [, text = ''] = doc.split(`\n## ${title}\n`);
  return text.split('\n## ')[0] ?? '';
}

/** The cells of the rows of the section's table. */
function rows(title: string): string[][] {
  const lines = section(title)
    .split('\n')
    .filter((line) => line.startsWith('| '));
  return lines.slice(1).map((line) => line.slice(2, -2).split(' | '));
}

test('docs/cli.md describes exactly the commands that there are, each with an example', () => {
  const parts = section('Commands').split('\n### ').slice(1);
  const named = parts.map((part) => /^`(\w+)/.exec(part)?.[1] ?? part);
  expect(named).toEqual(commandList.map(({ name }) => name));
  for (const part of parts) expect(part).toMatch(/```\ncodex-backup \w+/);
});

test('docs/cli.md names every option of every command', async () => {
  const parts = section('Commands').split('\n### ').slice(1);
  for (const [index, entry] of commandList.entries()) {
    const { options } = await entry.load();
    for (const { spec } of options) expect(parts[index], entry.name).toContain(spec.split(' ')[0]);
  }
});

test('docs/cli.md lists every error code with its meaning and its exit code', () => {
  const documented = rows('Error codes').map(([code = '', meaning, exit]) => [code.replaceAll('`', ''), meaning, exit]);
  const expected = Object.entries(errorCodes).map(([code, meaning]) => [
    code,
    meaning,
    String(exitCodeFor(code as ErrorCode)),
  ]);
  expect(documented).toEqual(expected);
});

test('docs/cli.md lists every exit code', () => {
  expect(rows('Exit codes').map(([code]) => Number(code))).toEqual(Object.values(exitCodes));
});

test('docs/cli.md lists every setting', () => {
  expect(rows('Settings').map(([key = '']) => key.replaceAll('`', ''))).toEqual(settingKeys());
});
