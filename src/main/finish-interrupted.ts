import type { PanelClient } from '../shared/protocol/client.ts';
import { type AppView, runningRestore } from './app-view.ts';

/**
 * Has a restore that a crash interrupted finished or rolled back, as soon as it is found; once for each. A watch that
 * begins does so by itself, and is waited for.
 */
export function finishInterrupted(
  client: Pick<PanelClient, 'call'>,
  onFailure: (error: unknown) => void,
): (view: AppView) => void {
  const tried = new Set<string>();
  return ({ status, jobs }) => {
    if (status?.watching.kind === 'off' && status.watching.error === null) return;
    const found = status?.interrupted.filter((id) => !tried.has(id)) ?? [];
    if (found.length === 0 || runningRestore(jobs) !== undefined) return;
    for (const id of found) tried.add(id);
    client.call('start', { job: { kind: 'recover' } }).catch(onFailure);
  };
}
