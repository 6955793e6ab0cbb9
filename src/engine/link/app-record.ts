import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AppRecord } from '../../shared/app-messages.ts';
import { replaceFile } from '../platform/durable-file.ts';

/** Where the app says how it is started, in the app home. */
export const appRecordPath = (home: string): string => join(home, 'app.json');

/** Says how to start this app again, and which process it is now. */
export function writeAppRecord(home: string, record: AppRecord): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  replaceFile(appRecordPath(home), `${JSON.stringify(record, null, 2)}\n`);
}
