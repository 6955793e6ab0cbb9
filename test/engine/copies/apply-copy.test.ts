import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { applyCopy } from '../../../src/engine/copies/apply-copy.ts';
import type { CopyStore } from '../../../src/engine/copies/copy-store.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

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

test('a snapshot that has rotted in the backups is named as that: the disk of the copy is not to blame', async () => {
  const backups = temporaryFolder();
  mkdirSync(join(backups, 'new'));
  writeFileSync(join(backups, 'new', 'codex-brain.db'), 'rotten');
  const file = { file: 'codex-brain.db', bytes: 6, sha256: 'a'.repeat(64) };
  const store: Partial<CopyStore> = {
    requireHere: () => undefined,
    freeBytes: async () => null,
    send: async () => undefined,
    prove: async () => [file.file],
    removeIncoming: async () => undefined,
  };
  const applied = applyCopy(
    {
      ...plan,
      add: [{ id: 'new', files: [{ ...file, way: { kind: 'send', arrivedBytes: 0 } }] }],
      sendBytes: 6,
      linkBytes: 0,
    },
    {
      store: store as CopyStore,
      backups,
      signal: new AbortController().signal,
      onProgress: undefined,
      withSnapshot: async (_id, work) => work(),
    },
  );
  await expect(applied).rejects.toMatchObject({
    code: 'snapshot-damaged',
    message: expect.stringContaining(join(backups, 'new', 'codex-brain.db')),
    hint: expect.stringContaining('codex-backup verify new'),
  });
});
