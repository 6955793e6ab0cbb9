import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { mountAnswers } from '../../../src/engine/copies/mount-answers.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** Asks until the file `answer` is there, as a mount does whose server comes back; notes each time that it is begun. */
const slow = (folder: string): readonly [string, ...string[]] => [
  '/bin/sh',
  '-c',
  `echo asked >> "${folder}/asked"; until [ -e "${folder}/answer" ]; do sleep 0.02; done`,
];

test('what is there answers, and so does what is missing', async () => {
  const folder = temporaryFolder();
  expect(await mountAnswers(folder)).toBe(true);
  expect(await mountAnswers(join(folder, 'missing'))).toBe(true);
});

test('what does not answer in time is given up', async () => {
  const folder = temporaryFolder();
  const answers = mountAnswers(folder, { limitMs: 5000, command: slow(folder) });
  await vi.waitFor(() => expect(existsSync(join(folder, 'asked'))).toBe(true), { timeout: 20_000 });
  expect(await answers).toBe(false);
});

test('several who ask at the same time get the answer of one', async () => {
  const folder = temporaryFolder();
  const first = mountAnswers(folder, { limitMs: 60_000, command: slow(folder) });
  const second = mountAnswers(folder, { limitMs: 60_000, command: slow(folder) });
  writeFileSync(join(folder, 'answer'), '');
  expect(await Promise.all([first, second])).toEqual([true, true]);
  expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('asked\n');
  expect(await mountAnswers(folder)).toBe(true);
});
