import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { Alarm } from '../../shared/results.ts';
import { z } from '../../shared/zod.ts';
import { replaceFile } from '../platform/durable-file.ts';
import { metaFolder } from './meta.ts';

const alarmSchema = z.strictObject({
  version: z.literal(1),
  kind: z.enum(['memory-lost', 'suspicious']),
  at: z.iso.datetime(),
  snapshot: z.string(),
  good: z.string(),
  message: z.string(),
});

const alarmFile = (backups: string): string => join(metaFolder(backups), 'alarm.json');

/** The alarm that stands, for every shell that uses these backups: `.meta/alarm.json`, version 1. Null without one. */
export function readAlarm(backups: string): Alarm | null {
  const file = alarmFile(backups);
  try {
    const { version, ...alarm } = alarmSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return alarm;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw new AppError('io', `The alarm ${file} can not be read.`, {
      hint: 'An alarm stands, but nobody can say which. "codex-backup acknowledge" ends it.',
      cause: error,
    });
  }
}

/** The alarm that this snapshot has raised; null without one, or where the record can't be read. */
export function alarmRaisedBy(backups: string, snapshot: string): Alarm | null {
  try {
    const alarm = readAlarm(backups);
    return alarm?.snapshot === snapshot ? alarm : null;
  } catch (error) {
    // It stands all the same, and status says so.
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** Lets an alarm stand. The first one stays: it names the copy that has everything. The caller holds the writer lock. */
export function raiseAlarm(backups: string, alarm: Alarm): void {
  mkdirSync(metaFolder(backups), { recursive: true, mode: 0o700 });
  replaceFile(alarmFile(backups), `${JSON.stringify({ version: 1, ...alarm }, null, 2)}\n`);
}

export function endAlarm(backups: string): void {
  rmSync(alarmFile(backups), { force: true });
}
