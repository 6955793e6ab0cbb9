import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSnapshot } from '../../../src/engine/snapshot/catalog.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

test('a snapshot that was removed since it was listed is missing, and no error of the system', () => {
  const backups = temporaryFolder();
  const id = 'codex-backup-2025-11-22T12-00-00-000Z';
  expect(() => openSnapshot(backups, id)).toThrow(
    expect.objectContaining({ code: 'snapshot-missing', message: `${join(backups, id)} is not there any more.` }),
  );
});
