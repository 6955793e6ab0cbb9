import type { RestoreOptions } from '../engine/engine.ts';
import type { Engine } from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { PanelEvent } from '../shared/protocol/events.ts';
import type { RestorePlan } from '../shared/restore-plan.ts';
import type { EnginePlace, HostOptions } from './host-options.ts';
import type { JobRegistry } from './job-registry.ts';
import { createTickets, type Tickets } from './tickets.ts';
import type { WatchKeeper } from './watch-keeper.ts';

/** A plan that somebody has been shown. */
export type OfferedPlan =
  | { readonly kind: 'restore'; readonly id: string; readonly wish: RestoreOptions; readonly plan: RestorePlan }
  | { readonly kind: 'undo'; readonly restore: string | undefined; readonly plan: RestorePlan };

/** A file that somebody may fetch. */
export interface OfferedFile {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
}

/** What all calls of a host share. */
export interface HostState {
  readonly options: HostOptions;
  readonly jobs: JobRegistry;
  readonly keeper: () => WatchKeeper | undefined;
  readonly plans: Tickets<OfferedPlan>;
  readonly folders: Tickets<string>;
  readonly downloads: Tickets<OfferedFile>;
  engine(): Engine;
  /** Works on other folders from now on. */
  move(place: EnginePlace, isSample: boolean): Promise<void>;
  isSample(): boolean;
  tell(event: PanelEvent): void;
}

const minuteMs = 60_000;

export function createTicketStores({
  now,
}: Pick<HostOptions, 'now'>): Pick<HostState, 'plans' | 'folders' | 'downloads'> {
  return {
    plans: createTickets({ now, lifeMs: 60 * minuteMs, most: 20 }),
    folders: createTickets({ now, lifeMs: 10 * minuteMs, most: 20_000 }),
    downloads: createTickets({ now, lifeMs: minuteMs, most: 200 }),
  };
}

/** What a ticket stands for; AppError where it is used up or too old. */
export function redeem<T>(found: T | undefined, what: string): T {
  if (found !== undefined) return found;
  throw new AppError('usage', `This ${what} is not known any more.`, { hint: 'Go back one step, and choose again.' });
}
