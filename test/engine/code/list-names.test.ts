import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { escapeBytes, listNames } from '../../../src/engine/code/list-names.ts';
import { makeFolder } from './walk-helpers.ts';

test('a folder gives its names in order, and rests between pieces if it is large', async () => {
  const folder = makeFolder();
  const names = Array.from({ length: 21_000 }, (_, file) => `f${file}`).sort();
  for (const name of names) writeFileSync(join(folder, name), '');
  let rests = 0;
  const rest = (): undefined => {
    rests += 1;
    return undefined;
  };
  expect(await listNames(folder, 0n, rest)).toEqual({ names, broken: [] });
  expect(rests).toBe(0);
  expect(await listNames(folder, 2n ** 30n, rest)).toEqual({ names, broken: [] });
  expect(rests).toBeGreaterThan(20);
});

test('names that are not UTF-8 are given as bytes, and a real U+FFFD is a name', async () => {
  const folder = makeFolder();
  const broken = Buffer.from('x\xff\\', 'latin1');
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), broken]), '');
  writeFileSync(join(folder, '\ufffd'), '');
  const names = await listNames(folder, 0n, () => undefined);
  expect(names).toEqual({ names: ['\ufffd'], broken: [broken] });
  expect(escapeBytes(broken)).toBe('x\\xff\\x5c');
});
