import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readJsonLines } from '../helpers/read-json-lines.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

it('a record that another process is just writing gives its whole lines alone', () => {
  const path = join(temporaryFolder(), 'record.jsonl');
  expect(readJsonLines(path)).toEqual([]);
  writeFileSync(path, '');
  expect(readJsonLines(path)).toEqual([]);
  writeFileSync(path, '{"pid":1}\n{"pid"');
  expect(readJsonLines(path)).toEqual([{ pid: 1 }]);
  appendFileSync(path, ':2}\n');
  expect(readJsonLines(path)).toEqual([{ pid: 1 }, { pid: 2 }]);
});
