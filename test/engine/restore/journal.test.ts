import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createJournal, readJournal } from '../../../src/engine/restore/journal.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

test('F84: a reserve that can not be removed in the end is told, and makes no failure of what has succeeded', async () => {
  const file = join(temporaryFolder(), 'journal.jsonl');
  const journal = createJournal(file);
  journal.append({ kind: 'end', outcome: 'restored' });
  rmSync(`${file}.reserve`);
  mkdirSync(`${file}.reserve`);
  const warned = once(process, 'warning');
  journal.close();
  expect(String((await warned)[0])).toContain(`${file}.reserve could not be removed`);
  expect(readJournal(file)).toEqual([{ kind: 'end', outcome: 'restored' }]);
});
