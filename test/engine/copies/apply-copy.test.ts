import { expect, test } from 'vitest';
import { applyCopy } from '../../../src/engine/copies/apply-copy.ts';
import type { CopyStore } from '../../../src/engine/copies/copy-store.ts';

const plan = { add: [{ id: 'new', files: [] }], removeFirst: [], removeLast: ['old'], dropIncoming: [] };

function stage(isInBackups: boolean) {
  const done: string[] = [];
  const store: Partial<CopyStore> = {
    requireHere: () => undefined,
    publish: async (id) => void done.push(`publish ${id}`),
    remove: async (id) => void done.push(`remove ${id}`),
  };
  const applied = applyCopy(
    { ...plan, sendBytes: 0, linkBytes: 0 },
    {
      store: store as CopyStore,
      backups: '/backups',
      signal: new AbortController().signal,
      onProgress: undefined,
      withSnapshot: async (_id, work) => (isInBackups ? work() : undefined),
    },
  );
  return { done, applied };
}

test('what no rule wants any more goes when the new has arrived', async () => {
  const { done, applied } = stage(true);
  expect(await applied).toMatchObject({ added: ['new'], removed: ['old'] });
  expect(done).toEqual(['publish new', 'remove old']);
});

test('it stays where the new was removed from the backups meanwhile: the copy would have neither', async () => {
  const { done, applied } = stage(false);
  expect(await applied).toMatchObject({ added: [], removed: [] });
  expect(done).toEqual([]);
});
