import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { reportError } from '../../shared/app-error.ts';
import { snapshotFiles } from '../../shared/model.ts';
import type { Problem } from './problem.ts';
import type { VerifyOptions } from './verify.ts';
import { verifyLegacyArchive } from './verify-legacy-archive.ts';

/** Reads a v1.5 snapshot through: its Brain by SQLite on a scratch copy, its archive to the end. Changes nothing. */
export async function verifyLegacy(folder: string, options: VerifyOptions): Promise<readonly Problem[]> {
  const brain = join(folder, snapshotFiles.brain);
  const code = join(folder, snapshotFiles.code);
  const problems: Problem[] = [];
  if (existsSync(brain)) problems.push(...(await verifyBrain(brain, options)));
  else problems.push({ file: snapshotFiles.brain, message: 'is missing' });
  if (existsSync(code)) problems.push(...(await verifyLegacyArchive(code)).problems);
  return problems;
}

async function verifyBrain(file: string, options: VerifyOptions): Promise<readonly Problem[]> {
  const { checker, scratchFolder, signal } = options;
  try {
    const { integrity } = await checker.checkPublishedDatabase({ file, scratchFolder, untrusted: true, signal });
    return integrity === 'ok' ? [] : [{ file: snapshotFiles.brain, message: `integrity check says: ${integrity}` }];
  } catch (error) {
    signal.throwIfAborted();
    return [{ file: snapshotFiles.brain, message: reportError(error).message }];
  }
}
