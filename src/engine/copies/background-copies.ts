import { type ErrorReport, reportError } from '../../shared/app-error.ts';
import type { CopyReport } from '../../shared/copies.ts';
import type { CopySettings } from '../../shared/settings.ts';
import type { WatchNews } from '../../shared/watch-events.ts';
import type { EngineContext } from '../context.ts';
import { readCopyRecord } from './copy-state.ts';
import { isCopyDue } from './judge-copy.ts';
import { placeOf } from './open-copy.ts';
import { probeFolder } from './probe-folder.ts';

export interface CopyWork {
  copy(context: EngineContext, name: string, signal: AbortSignal): Promise<CopyReport>;
  /** Names of the snapshots in the backups. */
  snapshotNames(backups: string): readonly string[];
}

/** Brings copies up to date beside the looks of a watcher, one after the other. No failure ever reaches the watcher. */
export class BackgroundCopies {
  readonly #work: CopyWork;
  readonly #tell: (news: WatchNews) => void;
  readonly #failed = new Map<string, string>();
  #running: { readonly controller: AbortController; readonly done: Promise<void> } | undefined;

  constructor(work: CopyWork, tell: (news: WatchNews) => void) {
    this.#work = work;
    this.#tell = tell;
  }

  /** Begins with those that are due, unless some are being copied. */
  begin(context: EngineContext): void {
    if (this.#running !== undefined) return;
    const due = this.#findDue(context);
    if (due.length === 0) return;
    const controller = new AbortController();
    const done = this.#copyAll(context, due, controller.signal).finally(() => {
      this.#running = undefined;
    });
    this.#running = { controller, done };
  }

  /** Breaks off what is being copied, and waits until it has ended; what has arrived stays. */
  async stop(): Promise<void> {
    this.#running?.controller.abort();
    await this.#running?.done;
  }

  #findDue(context: EngineContext): readonly CopySettings[] {
    try {
      const { copies } = context.settings();
      if (copies.length === 0) return [];
      const ids = this.#work.snapshotNames(context.backups());
      return copies.filter((settings) => isDue(context, settings, ids));
    } catch (error) {
      context.logger.warn(`Which copies are due is not known: ${String(error)}`);
      return [];
    }
  }

  async #copyAll(context: EngineContext, due: readonly CopySettings[], signal: AbortSignal): Promise<void> {
    for (const { name } of due) {
      if (signal.aborted) return;
      try {
        this.#tell({ kind: 'copying', copy: name });
        const { added, sentBytes, isSafeToRemove } = await this.#work.copy(context, name, signal);
        this.#failed.delete(name);
        this.#tell({ kind: 'copied', copy: name, snapshots: added.length, sentBytes, isSafeToRemove });
      } catch (error) {
        this.#tellFailure(context, name, reportError(error));
      }
    }
  }

  /** Told once, and again when it fails otherwise. */
  #tellFailure({ logger }: EngineContext, name: string, error: ErrorReport): void {
    if (error.code === 'cancelled' || error.code === 'busy') return;
    if (error.code === 'bug') logger.error(`${error.message}\n${String(error.details['stack'] ?? '')}`);
    if (this.#failed.get(name) === error.code) return;
    this.#failed.set(name, error.code);
    this.#tell({ kind: 'copy-failed', copy: name, error });
  }
}

function isDue(context: EngineContext, settings: CopySettings, ids: readonly string[]): boolean {
  const place = placeOf(settings);
  const record = readCopyRecord(context, settings.name, place);
  const isThere = settings.kind === 'folder' ? probeFolder(place, record.copyId) === null : null;
  return isCopyDue({ record, ids, isThere, schedule: settings.schedule }, context.clock.now());
}
