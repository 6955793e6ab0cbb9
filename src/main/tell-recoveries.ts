import type { PanelClient } from '../shared/protocol/client.ts';
import type { AppView } from './app-view.ts';
import type { Notice } from './notice.ts';

export interface RecoveriesOptions {
  readonly client: Pick<PanelClient, 'call'>;
  readonly show: (notice: Notice) => void;
  /** What was recovered before is known already. */
  readonly startedMs: number;
  readonly onFailure: (error: unknown) => void;
}

/** Tells of interrupted restores that were ended since, by a job, by the watcher at its start, or by another process. */
export function tellRecoveries({ client, show, startedMs, onFailure }: RecoveriesOptions): (view: AppView) => void {
  let seen: AppView['status'] = null;
  const told = new Set<number>();
  const look = async (): Promise<void> => {
    for (const { id, kind, at, message } of await client.call('activity', { limit: 20 })) {
      if (kind !== 'recover' || told.has(id) || Date.parse(at) < startedMs) continue;
      told.add(id);
      show({ kind: 'restores', title: 'A restore had been interrupted', body: message, hash: '#/activity' });
    }
  };
  return ({ status }) => {
    if (status === null || status === seen) return;
    seen = status;
    look().catch(onFailure);
  };
}
