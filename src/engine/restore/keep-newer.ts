import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { DatabasePart } from '../../shared/model.ts';
import { copyNewerRows } from '../brain/copy-newer-rows.ts';
import { syncFile } from '../platform/durable-file.ts';
import { openSnapshot } from '../snapshot/catalog.ts';
import type { Session } from './session.ts';

/**
 * Adds the rows that came after the snapshot to the staged databases, from the safety snapshot that was just taken.
 * Throws `restore-refused` where there is none.
 */
export function keepNewerRows(session: Session, parts: readonly DatabasePart[], staged: string): void {
  const { context, journal } = session;
  const record = journal.records().findLast(({ kind }) => kind === 'safety');
  const id = record?.kind === 'safety' ? record.snapshot : null;
  if (id === null) {
    throw new AppError('restore-refused', 'Newer rows can not be kept: the Brain of today can not be read.', {
      hint: 'Restore without --keep-newer; the files of today are kept beside the Codex folder.',
    });
  }
  const { snapshot } = openSnapshot(context.backups(), id);
  const today = [snapshot.brain, ...snapshot.databases].filter((part) => part !== null);
  for (const part of parts) {
    const newer = today.find(({ path }) => path === part.path);
    if (newer === undefined) continue;
    const target = join(staged, part.path);
    const kept = copyNewerRows(join(snapshot.path, newer.file), target, part.tables);
    syncFile(target);
    for (const { table, rows } of kept) context.logger.info(`Kept ${rows} newer rows of ${table} in ${part.path}.`);
  }
}
