import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import log from 'electron-log/node.js';

/** What main writes down. */
export interface MainLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

const maxBytes = 2 * 1024 * 1024;

/** The log of main, `app.log` beside that of the engine, rotated at 2 MB. */
export function openMainLog(folder: string): MainLog {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const logger = log.create({ logId: 'app' });
  logger.transports.console.level = false;
  logger.transports.file.level = 'info';
  logger.transports.file.maxSize = maxBytes;
  logger.transports.file.resolvePathFn = () => join(folder, 'app.log');
  return {
    info: (message) => logger.info(message),
    warn: (message) => logger.warn(message),
    error: (message) => logger.error(message),
  };
}

/** Logs what nobody caught. The engine is another process, so main goes on: without it nobody would be told of anything. */
export function logDefects(program: NodeJS.Process, logger: MainLog): void {
  const write = (error: unknown): void => logger.error(error instanceof Error ? `${error.stack}` : String(error));
  program.on('uncaughtException', write);
  program.on('unhandledRejection', write);
}
