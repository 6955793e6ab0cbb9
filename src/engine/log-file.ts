import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import log from 'electron-log/node.js';
import { logFolder } from './platform/app-home.ts';
import type { Logger } from './platform/logger.ts';

const maxBytes = 2 * 1024 * 1024;

/** The log of the engine and the command line: `logs/codex-backup.log` in the app home, rotated at 2 MB. */
export function openLogFile(home: string): Logger {
  const folder = logFolder(home);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const logger = log.create({ logId: 'codex-backup' });
  logger.transports.console.level = false;
  logger.transports.file.level = 'info';
  logger.transports.file.maxSize = maxBytes;
  logger.transports.file.resolvePathFn = () => join(folder, 'codex-backup.log');
  return {
    debug: (message) => logger.debug(message),
    info: (message) => logger.info(message),
    warn: (message) => logger.warn(message),
    error: (message) => logger.error(message),
  };
}
