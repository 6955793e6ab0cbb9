import { reportError } from '../../shared/app-error.ts';
import type { Alarm } from '../../shared/results.ts';
import type { EngineContext } from '../context.ts';
import { endAlarm, readAlarm } from '../snapshot/alarm.ts';
import { recordActivity } from './record-activity.ts';
import { asWriter } from './with-locks.ts';

/** How long it waits for a snapshot that is being taken. */
const waitMs = 2000;

/** Ends the alarm that stands, readable or not; answers it, or null. What it has pinned stays pinned. */
export function acknowledge(context: EngineContext): Promise<Alarm | null> {
  const backups = context.backups();
  return asWriter(
    context,
    'record',
    async () => {
      const { alarm, message } = describeAlarm(backups);
      endAlarm(backups);
      if (message !== null) {
        const snapshot = alarm?.snapshot ?? null;
        await recordActivity(context, { kind: 'alarm', ok: true, snapshot, message: `An alarm was ended: ${message}` });
      }
      return alarm;
    },
    waitMs,
  );
}

function describeAlarm(backups: string): { readonly alarm: Alarm | null; readonly message: string | null } {
  try {
    const alarm = readAlarm(backups);
    return { alarm, message: alarm?.message ?? null };
  } catch (error) {
    return { alarm: null, message: reportError(error).message };
  }
}
