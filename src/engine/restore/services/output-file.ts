import { openSync } from 'node:fs';
import { systemErrorCode } from '../../../shared/app-error.ts';
import type { Logger } from '../../platform/logger.ts';

/**
 * Opens the file that gets the output of a command, 0600, at its end. Where that can't be, the output goes nowhere: on a
 * full disk the services must still be started again.
 */
export function openOutputFile(path: string, logger: Logger): number {
  try {
    return openSync(path, 'a+', 0o600);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    logger.warn(`${path} can not be written (${systemErrorCode(error)}): a command runs without a log.`);
    return openSync('/dev/null', 'r+');
  }
}
