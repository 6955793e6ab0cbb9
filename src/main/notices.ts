import type { PanelClient } from '../shared/protocol/client.ts';
import type { JobState } from '../shared/protocol/jobs.ts';
import type { SnapshotRow } from '../shared/protocol/status-views.ts';
import type { AppView } from './app-view.ts';
import { type Condition, planConditionNotices } from './condition-notices.ts';
import { planBrokenNotice, planJobNotice, planLostNotice } from './job-notices.ts';
import type { Notice } from './notice.ts';
import {
  findNewSnapshots,
  gatherSnapshotsMs,
  type NewSnapshot,
  planSnapshotNotice,
  rowsMadeIn,
} from './snapshot-notices.ts';
import { tellRecoveries } from './tell-recoveries.ts';

/** Decides what the user is told, from what main hears of the engine. */
export interface Notices {
  takeView(view: AppView): void;
  takeJobEnd(job: JobState): void;
  takeLoss(why: string, jobs: readonly JobState[]): void;
}

export interface NoticesOptions {
  readonly client: Pick<PanelClient, 'call'>;
  readonly show: (notice: Notice) => void;
  readonly byteBase: 1000 | 1024;
  readonly now: () => number;
  /** Calls back after so many milliseconds. */
  readonly after: (milliseconds: number, listener: () => void) => void;
}

const lossesToTell = 3;

export function createNotices({ client, show, byteBase, now, after }: NoticesOptions): Notices {
  let levels: AppView['notify'] = null;
  let told: ReadonlySet<Condition> = new Set();
  let known: ReadonlySet<string> | undefined;
  let rows: readonly SnapshotRow[] | undefined;
  let gathered: NewSnapshot[] = [];
  let toldMs = Number.NEGATIVE_INFINITY;
  let isWaiting = false;
  let losses = 0;
  const tell = (notice: Notice | undefined): void => {
    // Before the settings are read, everything is told.
    if (notice !== undefined && (levels === null || levels[notice.kind])) show(notice);
  };
  const tellGathered = (): void => {
    isWaiting = false;
    toldMs = now();
    tell(planSnapshotNotice(gathered, byteBase));
    gathered = [];
  };
  const gather = async (row: SnapshotRow): Promise<void> => {
    // Without them the notice says how much the Brain has grown.
    const views = await client.call('databases', { id: row.id }).catch(() => []);
    gathered.push({ row, made: rowsMadeIn(views) });
    const dueMs = toldMs + gatherSnapshotsMs - now();
    if (dueMs <= 0) tellGathered();
    else if (!isWaiting) {
      isWaiting = true;
      after(dueMs, tellGathered);
    }
  };
  const takeRows = (next: readonly SnapshotRow[]): void => {
    if (next === rows) return;
    rows = next;
    const fresh = known === undefined ? [] : findNewSnapshots(known, next, now());
    known = new Set([...(known ?? []), ...next.map(({ id }) => id)]);
    for (const row of fresh.toReversed()) void gather(row);
  };
  const tellNewRecoveries = tellRecoveries({
    client,
    show: tell,
    startedMs: now(),
    // The next look asks again.
    onFailure: () => undefined,
  });
  return {
    takeView: (view) => {
      levels = view.notify;
      tellNewRecoveries(view);
      if (view.engineProblem === null) losses = 0;
      const plan = planConditionNotices(told, view);
      told = plan.told;
      for (const notice of plan.notices) tell(notice);
      if (view.snapshots !== null) takeRows(view.snapshots);
    },
    takeJobEnd: (job) => tell(planJobNotice(job)),
    takeLoss: (why, jobs) => {
      for (const job of jobs) tell(planLostNotice(job, why));
      losses += 1;
      // Once may be chance, and is mended by the next start.
      if (losses === lossesToTell) tell(planBrokenNotice(why));
    },
  };
}
