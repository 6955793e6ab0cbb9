import type { Stamps } from '../engine/engine.ts';
import type { Engine } from '../engine/index.ts';
import type { PanelEvent } from '../shared/protocol/events.ts';

/** Asks now and then whether anything has changed, whoever changed it, and tells. */
export interface ChangeFollower {
  close(): void;
}

export interface FollowOptions {
  readonly engine: () => Engine;
  readonly everyMs: number;
  readonly tell: (event: PanelEvent) => void;
  readonly onFailure: (error: unknown) => void;
}

export function followChanges({ engine, everyMs, tell, onFailure }: FollowOptions): ChangeFollower {
  let before: Stamps | undefined;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    try {
      const now = await engine().stamps();
      if (before !== undefined) for (const event of compare(before, now)) tell(event);
      before = now;
    } catch (error) {
      onFailure(error);
    }
    if (isClosed) return;
    timer = setTimeout(() => void look(), everyMs);
    timer.unref();
  };
  void look();
  return {
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

function compare(before: Stamps, now: Stamps): readonly PanelEvent[] {
  const events: PanelEvent[] = [];
  if (before.snapshots !== now.snapshots) events.push({ kind: 'snapshotsChanged' });
  if (before.settings !== now.settings) events.push({ kind: 'settingsChanged' });
  if (before.restores !== now.restores) events.push({ kind: 'restoresChanged' });
  const isStatusOld = events.length > 0 || before.locks !== now.locks;
  return isStatusOld ? [...events, { kind: 'statusChanged' }] : events;
}
