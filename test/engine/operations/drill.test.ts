import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createCodexPlace } from '../../helpers/codex-place.ts';
import { hashTree } from '../../helpers/hash-tree.ts';

const drillFolders = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('codex-backup-drill-'));

test('a drill restores a snapshot on trial, records how long it took, and leaves nothing behind', async () => {
  const place = createCodexPlace('wal');
  const { id } = await place.engine.run({ trigger: 'manual' });
  const before = hashTree(place.root, ['backups']);
  // Where it drills: what lies there is only of this test.
  vi.stubEnv('TMPDIR', place.base);
  onTestFinished(() => void vi.unstubAllEnvs());
  let drilled = 0;
  const onProgress = () => {
    drilled = Math.max(drilled, drillFolders(place.base).length);
  };
  const result = await place.engine.drill('latest', { onProgress });
  expect(result).toMatchObject({ id, ok: true, problems: [] });
  expect((await place.engine.show(id)).checks).toMatchObject([{ kind: 'drill', ok: true, problems: 0 }]);
  expect(hashTree(place.root, ['backups'])).toEqual(before);
  expect(drilled).toBe(1);
  expect(drillFolders(place.base)).toEqual([]);
  expect((await place.engine.status()).lastDrill).toMatchObject({ id, ok: true, durationMs: result.durationMs });
});

test('a drill of a snapshot with one flipped bit finds it, and says where', async () => {
  const place = createCodexPlace();
  const { id, path } = await place.engine.run({ trigger: 'manual' });
  const archive = join(path, 'codex-code.tar.gz');
  const bytes = readFileSync(archive);
  bytes[200] = (bytes[200] ?? 0) ^ 4;
  chmodSync(archive, 0o600);
  writeFileSync(archive, bytes);
  const result = await place.engine.drill(id);
  expect(result.ok).toBe(false);
  expect(result.problems[0]?.message).toContain('damaged');
  expect((await place.engine.status()).lastDrill).toMatchObject({ id, ok: false });
});
