import { spawnSync } from 'node:child_process';
import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { createContext, type EngineContext } from '../../../src/engine/context.ts';
import { status } from '../../../src/engine/operations/status.ts';
import { watch } from '../../../src/engine/operations/watch.ts';
import type { Timer } from '../../../src/engine/platform/clock.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';
import { findBaseline, readCatalog } from '../../../src/engine/snapshot/catalog.ts';
import type { ProtectionState } from '../../../src/shared/results.ts';
import type { WatchEvent } from '../../../src/shared/watch-events.ts';
import type { SmallCodex } from '../../helpers/small-codex.ts';
import { startWriter } from '../../helpers/writer-process.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export interface FilesFortnight {
  readonly rows: number;
  readonly snapshots: number;
  /** The greatest age that a row reached unsaved while the disk had room; of the time that the machine was awake. */
  readonly oldestUnsavedMs: number;
  /** Rows of 31 minutes that were not saved, and the state then. */
  readonly late: readonly ProtectionState[];
  /** Changes of the state that a user would be told. */
  readonly notices: readonly string[];
  readonly checks: number;
  readonly failedChecks: number;
  /** Faults that really happened. */
  readonly faults: Readonly<
    Record<'sleep' | 'clockBack' | 'clockAhead' | 'refused' | 'hotJournal' | 'killedRun' | 'killedWatcher', number>
  >;
}

/** Minutes of a day at which the Brain begins to be written to, for a quarter of an hour; the last is before the night. */
const sessions = [9 * 60, 22 * 60 + 50];
const fullDay = 4;
const downDay = 8;
const killPoints = ['snapshot:staged', 'snapshot:captured', 'publish:before', 'publish:renamed', 'publish:done'];

/**
 * A fortnight of a real Brain and a real watcher on real files, with a clock that leaps from sleep to sleep of the
 * watcher: the machine sleeps each night, the clock is set both ways, the disk has no room for a day, the Brain is down
 * for a day after a crash. Twice a day the process of a snapshot is killed, each time at another place; once a day the
 * watcher begins anew from what the last one had written.
 */
export async function liveFortnight(codex: SmallCodex, random: () => number): Promise<FilesFortnight> {
  const world = new World(codex, random);
  while (world.trueMs < 14 * day) await world.watchUntilKilled();
  return world.result();
}

class World {
  trueMs = 0;
  readonly #codex: SmallCodex;
  readonly #random: () => number;
  readonly #written = new Map<number, number>();
  readonly #told = new Set<number>();
  readonly #late: ProtectionState[] = [];
  readonly #notices: string[] = [];
  readonly #done = new Set<string>();
  readonly #faults = {
    sleep: 0,
    clockBack: 0,
    clockAhead: 0,
    refused: 0,
    hotJournal: 0,
    killedRun: 0,
    killedWatcher: 0,
  };
  #wallOffsetMs = Date.parse('2025-11-22T00:00:00.000Z');
  #awakeMs = 0;
  #nextWriteMs = 0;
  #roomAtMs = Number.NEGATIVE_INFINITY;
  #isChecking = false;
  #savedId = 0;
  #snapshots = 0;
  #checks = 0;
  #failedChecks = 0;
  #oldestUnsavedMs = 0;
  #mayHaveChanged = true;
  #killer = new AbortController();

  constructor(codex: SmallCodex, random: () => number) {
    this.#codex = codex;
    this.#random = random;
    this.#savedId = this.#useBrain((db) => Number(db.prepare('SELECT max(id) FROM events').pluck().get()));
  }

  #now(): number {
    return Math.round(this.trueMs + this.#wallOffsetMs);
  }

  #context(): EngineContext {
    const { root, home } = this.#codex;
    return createContext({ root, home, env: {}, clock: { now: () => this.#now() }, logger: silentLogger });
  }

  async watchUntilKilled(): Promise<void> {
    this.#killer = new AbortController();
    const { signal } = this.#killer;
    const context = this.#context();
    const timer: Timer = {
      sleep: async (milliseconds) => {
        this.trueMs += milliseconds;
        this.#awakeMs += milliseconds;
        await this.#live();
        await this.#letCheckEnd();
        if (this.trueMs >= 14 * day) this.#killer.abort();
      },
    };
    await watch(context, { signal, onEvent: (event) => this.#hear(event) }, timer);
    context.state.close();
  }

  result(): FilesFortnight {
    return {
      rows: this.#written.size,
      snapshots: this.#snapshots,
      oldestUnsavedMs: this.#oldestUnsavedMs,
      late: this.#late,
      notices: this.#notices,
      checks: this.#checks,
      failedChecks: this.#failedChecks,
      faults: this.#faults,
    };
  }

  #hear(event: WatchEvent): void {
    if (event.kind === 'snapshot') {
      this.#snapshots += 1;
      this.#readSaved();
    }
    if (event.kind === 'checking') this.#isChecking = true;
    // A snapshot has broken off a check that was begun late.
    if (event.kind === 'begin') this.#isChecking = false;
    if (event.kind === 'checked') {
      this.#isChecking = false;
      this.#checks += 1;
      if (!event.ok) this.#failedChecks += 1;
    }
    if (event.kind === 'failed' && event.error.code === 'low-space') this.#faults.refused += 1;
    const known = this.#notices.at(-1);
    if (event.kind === 'failed' ? known !== 'failed' : event.kind === 'snapshot' && known !== 'protected') {
      this.#mayHaveChanged = true;
    }
    if (['problem', 'solved', 'alarm'].includes(event.kind)) this.#mayHaveChanged = true;
  }

  /** A check takes real time, and much of it on a busy machine: meanwhile this clock would leap over days. */
  async #letCheckEnd(): Promise<void> {
    while (this.#isChecking && !this.#killer.signal.aborted) await sleep(20);
    this.#isChecking = false;
  }

  /** What happens between two moments of the watcher. */
  async #live(): Promise<void> {
    const dayNumber = Math.floor(this.trueMs / day);
    const minuteOfDay = (this.trueMs % day) / minute;
    const isWriting = sessions.some((begin) => minuteOfDay >= begin && minuteOfDay < begin + 15);
    if (isWriting && dayNumber !== downDay && this.#awakeMs >= this.#nextWriteMs) this.#write();
    await this.#makeFaults(dayNumber, minuteOfDay);
    await this.#judge(dayNumber);
  }

  #write(): void {
    this.#nextWriteMs = this.#awakeMs + minute + this.#random() * 4 * minute;
    const text = 'x'.repeat(this.#random() < 0.15 ? 60_000 : 300);
    const insert = "INSERT INTO events (kind, json) VALUES ('TurnAppended', ?)";
    const { lastInsertRowid } = this.#useBrain((db) => db.prepare(insert).run(text));
    this.#written.set(Number(lastInsertRowid), this.#awakeMs);
    utimesSync(this.#codex.brain, this.#now() / 1000, this.#now() / 1000);
  }

  async #makeFaults(dayNumber: number, minuteOfDay: number): Promise<void> {
    const { engine } = this.#codex;
    // Late in each session, when there is something to lose.
    for (const [index, begin] of sessions.entries()) {
      const isLate = minuteOfDay >= begin + 9 && minuteOfDay < begin + 15;
      if (isLate && this.#once(`run ${dayNumber} ${index}`)) this.#killRun(2 * dayNumber + index);
    }
    if (minuteOfDay >= 9 * 60 + 12 && this.#once(`watcher ${dayNumber}`)) {
      this.#faults.killedWatcher += 1;
      this.#killer.abort();
    }
    if (minuteOfDay >= 12 * 60 && this.#once(`clock ${dayNumber}`)) this.#setClock(dayNumber);
    // In the last night it stays awake, so that what was written grows old enough.
    if (minuteOfDay >= 23 * 60 + 2 && dayNumber < 13 && this.#once(`night ${dayNumber}`)) {
      this.#faults.sleep += 1;
      this.trueMs += 8 * hour;
    }
    if (dayNumber === fullDay && this.#once('full')) await engine.changeSetting('space.reserveBytes', '9e15');
    if (dayNumber === fullDay + 1 && this.#once('room')) {
      this.#roomAtMs = this.#awakeMs;
      await engine.changeSetting('space.reserveBytes', '1');
    }
    if (dayNumber === downDay && this.#once('down')) await this.#crashBrain();
  }

  #once(name: string): boolean {
    if (this.#done.has(name)) return false;
    this.#done.add(name);
    return true;
  }

  /** A real process, killed at a place in the middle of a snapshot. */
  #killRun(number: number): void {
    const { root, home } = this.#codex;
    const point = killPoints[number % killPoints.length] ?? '';
    const script = fileURLToPath(new URL('./killed-run.ts', import.meta.url));
    const cache = join(home, '../compiled');
    const env = { ...process.env, CODEX_BACKUP_FAIL_POINT: `kill:${point}`, NODE_COMPILE_CACHE: cache };
    const { signal } = spawnSync(process.execPath, [script, root, home, String(this.#now())], { env });
    if (signal === 'SIGKILL') this.#faults.killedRun += 1;
    this.#readSaved();
  }

  #setClock(dayNumber: number): void {
    if (dayNumber % 3 === 0) return;
    const isBack = dayNumber % 3 === 1;
    this.#faults[isBack ? 'clockBack' : 'clockAhead'] += 1;
    const byMs = dayNumber % 2 === 0 ? this.#random() * 2 * hour : this.#random() * 400 * day;
    this.#wallOffsetMs += isBack ? -byMs : byMs;
  }

  /** It ends in the middle of writing, and leaves its journal. */
  async #crashBrain(): Promise<void> {
    const file = this.#codex.brain;
    const writer = await startWriter({ file, journalMode: 'delete', task: 'half-commit' });
    await writer.kill();
    if (readdirSync(join(file, '..')).some((name) => name.endsWith('-journal'))) this.#faults.hotJournal += 1;
  }

  async #judge(dayNumber: number): Promise<void> {
    const unsaved = [...this.#written].find(([id]) => id > this.#savedId);
    const ageMs = unsaved === undefined ? 0 : this.#awakeMs - unsaved[1];
    // After a time without room the next attempt may be half an hour away.
    const hasRoom = this.#awakeMs > this.#roomAtMs + 31 * minute && dayNumber !== fullDay;
    if (hasRoom) this.#oldestUnsavedMs = Math.max(this.#oldestUnsavedMs, ageMs);
    const isLate = unsaved !== undefined && ageMs >= 31 * minute && !this.#told.has(unsaved[0]);
    if (!isLate && !this.#mayHaveChanged) return;
    this.#mayHaveChanged = false;
    const context = this.#context();
    const { state } = await status(context);
    context.state.close();
    if (state !== this.#notices.at(-1) && state !== 'running') this.#notices.push(state);
    if (!isLate) return;
    this.#told.add(unsaved[0]);
    this.#late.push(state);
  }

  #readSaved(): void {
    const brain = findBaseline(readCatalog(this.#codex.backups))?.snapshot.brain;
    this.#savedId = brain?.tables.find(({ name }) => name === 'events')?.maxRowid ?? this.#savedId;
  }

  /** As another program would, which has it open no longer than that: else nobody could save it after a crash. */
  #useBrain<T>(work: (db: Database.Database) => T): T {
    const db = new Database(this.#codex.brain);
    try {
      db.pragma('synchronous = OFF');
      return work(db);
    } finally {
      db.close();
    }
  }
}
