import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { EngineContext } from '../context.ts';
import type { Stamps } from '../engine.ts';
import { restoresFolder } from '../folders.ts';
import { readFolderIfThere } from '../platform/read-if-there.ts';
import { settingsFile } from '../settings-file.ts';
import { locksFolder, restorerFile } from './with-locks.ts';

/** Texts that change when something does, whoever did it. Costs half a dozen looks at folders. */
export function stamps(context: EngineContext): Stamps {
  const backups = attempt(() => context.backups());
  const root = attempt(() => context.root());
  return {
    snapshots: [backups, backups && join(backups, '.meta')].map(stampOf).join(' '),
    locks: [backups && locksFolder(backups), root && restorerFile(root), ...copyRecords(context.home)]
      .map(stampOf)
      .join(' '),
    settings: stampOf(settingsFile(context.home)),
    restores: root === undefined ? '' : namesIn(restoresFolder(root)),
  };
}

/** What is known of each copy, whoever works on it. */
function copyRecords(home: string): readonly string[] {
  const folder = join(home, 'copies');
  return readFolderIfThere(folder).flatMap(({ name }) => [join(folder, name), join(folder, name, 'state.json')]);
}

/** Without a root there is nothing that could change. */
function attempt(find: () => string): string | undefined {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return undefined;
  }
}

/** The locks in there come and go, so the folder's own time says nothing. */
function namesIn(folder: string): string {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).join(' ');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return '';
  }
}

function stampOf(path: string | undefined): string {
  const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false, bigint: true });
  return `${path} ${stats?.ino ?? '-'} ${stats?.mtimeNs ?? '-'}`;
}
