import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createJournal } from '../../../src/engine/restore/journal.ts';
import { createRestoreFolder, journalFile } from '../../../src/engine/restore/restore-folder.ts';
import { createCodexPlace } from '../../helpers/codex-place.ts';

const withoutServices = { useServices: false } as const;

test('right after a restore, and after its undo, exposure is zero: it is measured from what came back', async () => {
  const place = createCodexPlace();
  const { id } = await place.engine.run({ trigger: 'manual' });
  place.remember(7);
  const { safety } = await place.engine.restore(id, { ...withoutServices, scope: 'brain' });
  const zero = { milliseconds: 0, bytes: 0, rows: [] };
  expect(await place.engine.status()).toMatchObject({ baseline: id, exposure: zero });
  place.remember(3);
  expect((await place.engine.status()).exposure?.rows).toEqual([{ table: 'events', rows: 3 }]);
  await place.engine.undo(withoutServices);
  expect(await place.engine.status()).toMatchObject({ baseline: safety, exposure: zero });
  const newer = await place.engine.run({ trigger: 'manual' });
  expect((await place.engine.status()).baseline).toBe(newer.id);
});

test('neither a restore, which takes rows away, nor its undo raises an alarm with the next snapshot', async () => {
  const place = createCodexPlace();
  const { engine } = place;
  const { id } = await engine.run({ trigger: 'manual' });
  place.remember(200);
  const full = await engine.run({ trigger: 'manual' });
  await engine.restore(id, { ...withoutServices, scope: 'brain' });
  const restored = await engine.run({ trigger: 'change' });
  const rowsOf = ({ brain }: typeof full) => brain?.tables.find(({ name }) => name === 'events')?.rows ?? 0;
  expect(rowsOf(full) - rowsOf(restored)).toBe(200);
  expect((await engine.status()).alarm).toBeNull();
  place.remember(400);
  await engine.run({ trigger: 'change' });
  await engine.undo(withoutServices);
  expect(rowsOf(await engine.run({ trigger: 'change' }))).toBe(rowsOf(full));
  expect((await engine.status()).alarm).toBeNull();
});

test('a restore, its undo, a failure, a drill and a recovery are told by activity', async () => {
  const place = createCodexPlace();
  const { engine } = place;
  const { id, path } = await engine.run({ trigger: 'manual' });
  place.remember(1);
  const restored = await engine.restore(id, { ...withoutServices, scope: 'brain' });
  await engine.undo(withoutServices);
  await engine.drill(id);
  writeFileSync(join(path, 'codex-brain.db'), readFileSync(join(path, 'codex-brain.db')).fill(1, 5000, 5001));
  const spoilt = engine.restore(id, { ...withoutServices, scope: 'brain' });
  await expect(spoilt).rejects.toMatchObject({ code: 'snapshot-damaged' });
  const { journal } = interruptRestore(place.root);
  await engine.recover();
  const told = (await engine.activity()).filter(({ kind }) => kind !== 'snapshot');
  expect(told.map(({ kind, ok }) => [kind, ok])).toEqual([
    ['recover', true],
    ['restore', false],
    ['drill', true],
    ['undo', true],
    ['restore', true],
  ]);
  expect(told[0]?.message).toContain(`${basename(dirname(journal))} was interrupted and was rolled back`);
  expect(told[1]?.message).toContain('codex-brain.db of the snapshot is damaged');
  expect(told.at(-1)).toMatchObject({ snapshot: id });
  expect(told.at(-1)?.message).toContain(`${restored.safety} was taken before`);
});

/** What a process leaves that was killed right after it had begun. */
function interruptRestore(root: string): { readonly journal: string } {
  const journal = createJournal(journalFile(createRestoreFolder(root, Date.now())));
  const begun = {
    kind: 'begin',
    format: 1,
    what: 'restore',
    source: 'x',
    root: basename(root),
    scope: 'code',
  } as const;
  journal.append({ ...begun, replaces: [], services: null });
  journal.close();
  return { journal: journal.file };
}

test('until the next snapshot, the one that the Brain was restored from is kept, and doctor names it', async () => {
  const { engine } = createCodexPlace();
  const first = await engine.run({ trigger: 'manual' });
  await engine.run({ trigger: 'manual' });
  await engine.restore(first.id, { ...withoutServices, scope: 'brain' });
  const refused = { code: 'snapshot-protected', message: expect.stringContaining('was restored from') };
  await expect(engine.remove(first.id)).rejects.toMatchObject(refused);
  const kept = await engine.prune({ rules: { keepLast: 1 } });
  expect(kept.keep.find(({ id }) => id === first.id)?.reasons).toEqual(['what growth is measured from']);
  const messages = (await engine.doctor()).findings.map(({ message }) => message);
  expect(messages.join('\n')).toContain(`measured from the one of ${first.createdAt}`);
  await engine.run({ trigger: 'manual' });
  expect((await engine.remove(first.id)).id).toBe(first.id);
});
