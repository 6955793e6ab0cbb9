import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { longestFiles } from '../helpers/longest-first.ts';

test('each file that is to begin early is there', () => {
  const missing = longestFiles.filter((name) => !existsSync(join(import.meta.dirname, `../${name}.test.ts`)));
  expect(missing).toEqual([]);
});
