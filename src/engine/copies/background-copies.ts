import { type ErrorReport, reportError } from '../../shared/app-error.ts';
import type { CopyCheck, CopyReport } from '../../shared/copies.ts';
import type { CopySettings } from '../../shared/settings.ts';
import type { WatchNews } from '../../shared/watch-events.ts';
import type { EngineContext } from '../context.ts';
import { readCopyRecord } from './copy-state.ts';
import { type CopyFactsNow, isCopyDue, judgeCopy } from './judge-copy.ts';
import { placeOf } from './open-copy.ts';
import { planCopyCheck } from './plan-copy-check.ts';
import { probeFolder } from './probe-folder.ts';

export interface BackgroundCopyWork {
  copy(context: EngineContext, name: string, signal: AbortSignal): Promise<CopyReport>;
  /** Does the check of a copy that is due; null where none is, or it can't be done now. */
  check(context: EngineContext, name: string, signal: AbortSignal): Promise<CopyCheck | null>;
  /** Names of the snapshots in the backups. */
  snapshotNames(backups: string): readonly string[];
  /** Whether what is mounted at a path answers at all. */
  answers(path: string): Promise<boolean>;
}

/** Brings copies up to date beside the looks of a watcher, one after the other. No failure ever reaches the watcher. */
export class BackgroundCopies {
  readonly #work: BackgroundCopyWork;
  readonly #tell: (news: WatchNews) => void;
  readonly #failed = new Map<string, string>();
  /** When a check of a copy was last tried. */
  readonly #checkedAtMs = new Map<string, number>();
  /** When somebody cancelled a copy. */
  readonly #cancelledAtMs = new Map<string, number>();
  #running: { readonly controller: AbortController; readonly done: Promise<void> } | undefined;

  constructor(work: BackgroundCopyWork, tell: (news: WatchNews) => void) {
    this.#work = work;
    this.#tell = tell;
  }

  /** Begins with those that are due, unless some are being copied. Resolves when it is known which are. */
  async begin(context: EngineContext): Promise<void> {
    if (this.#running !== undefined) return;
    const copies = await this.#findAnswering(context);
    const due = this.#findDue(context, copies, this.#isDue);
    const [toCheck] = due.length > 0 ? [] : this.#findDue(context, copies, this.#isCheckDue);
    if (due.length === 0 && toCheck === undefined) return;
    const controller = new AbortController();
    const { signal } = controller;
    const work = toCheck === undefined ? this.#copyAll(context, due, signal) : this.#check(context, toCheck, signal);
    const done = work.finally(() => {
      this.#running = undefined;
    });
    this.#running = { controller, done };
  }

  /** Breaks off what is being copied, and waits until it has ended; what has arrived stays. */
  async stop(): Promise<void> {
    this.#running?.controller.abort();
    await this.#running?.done;
  }

  /** A folder on a share that hangs is left alone: to touch it would hold up the looks at the Brain. */
  async #findAnswering(context: EngineContext): Promise<readonly CopySettings[]> {
    const copies = settingsOf(context);
    const answers = await Promise.all(
      copies.map((copy) => (copy.kind === 'folder' ? this.#work.answers(copy.path) : true)),
    );
    return copies.filter((_, index) => answers[index]);
  }

  #findDue(context: EngineContext, copies: readonly CopySettings[], isDueNow: IsDue): readonly CopySettings[] {
    if (copies.length === 0) return [];
    try {
      const ids = this.#work.snapshotNames(context.backups());
      return copies.filter((settings) => isDueNow(context, settings, ids));
    } catch (error) {
      context.logger.warn(`Which copies are due is not known: ${String(error)}`);
      return [];
    }
  }

  readonly #isDue: IsDue = (context, settings, ids) => {
    const nowMs = context.clock.now();
    const facts = factsOf(context, settings, ids);
    // Who connects its disk again wants it to go on.
    if (facts.isThere === false) this.#cancelledAtMs.delete(settings.name);
    return !isResting(this.#cancelledAtMs.get(settings.name), nowMs) && isCopyDue(facts, nowMs);
  };

  readonly #isCheckDue: IsDue = (context, settings, ids) => {
    const nowMs = context.clock.now();
    if (isResting(this.#checkedAtMs.get(settings.name), nowMs)) return false;
    const { record, isThere, schedule } = factsOf(context, settings, ids);
    if (isThere === false || judgeCopy({ record, ids, isThere, schedule }) === 'not there') return false;
    const { verify, drill } = context.settings();
    const rules = { verifyDays: verify.copiesEveryDays, drillDays: drill.copiesEveryDays };
    return planCopyCheck(record, rules, nowMs) !== null;
  };

  async #check(context: EngineContext, { name }: CopySettings, signal: AbortSignal): Promise<void> {
    try {
      const checked = await this.#work.check(context, name, signal);
      if (checked !== null) this.#tell({ kind: 'copy-checked', ...checked });
    } catch (error) {
      // An unreachable remote or a lock says nothing about what lies there.
      if (!signal.aborted) context.logger.info(`No check of the copy ${name} now: ${reportError(error).message}`);
    }
    this.#checkedAtMs.set(name, context.clock.now());
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
        const report = reportError(error);
        if (report.code === 'cancelled') this.#cancelledAtMs.set(name, context.clock.now());
        else this.#tellFailure(context, name, report);
      }
    }
  }

  /** Told once, and again when it fails otherwise. */
  #tellFailure({ logger }: EngineContext, name: string, error: ErrorReport): void {
    if (error.code === 'busy') return;
    if (error.code === 'bug') logger.error(`${error.message}\n${String(error.details['stack'] ?? '')}`);
    if (this.#failed.get(name) === error.code) return;
    this.#failed.set(name, error.code);
    this.#tell({ kind: 'copy-failed', copy: name, error });
  }
}

function settingsOf(context: EngineContext): readonly CopySettings[] {
  try {
    return context.settings().copies;
  } catch (error) {
    context.logger.warn(`Which copies there are is not known: ${String(error)}`);
    return [];
  }
}

type IsDue = (context: EngineContext, settings: CopySettings, ids: readonly string[]) => boolean;

/** After a check the next waits so long, whatever came of it; after it was cancelled, a copy does. */
const restMs = 60 * 60_000;

function isResting(sinceMs: number | undefined, nowMs: number): boolean {
  return sinceMs !== undefined && Math.abs(nowMs - sinceMs) < restMs;
}

function factsOf(context: EngineContext, settings: CopySettings, ids: readonly string[]): CopyFactsNow {
  const place = placeOf(settings);
  const record = readCopyRecord(context, settings.name, place);
  const isThere = settings.kind === 'folder' ? probeFolder(place, record.copyId) === null : null;
  return { record, ids, isThere, schedule: settings.schedule };
}
