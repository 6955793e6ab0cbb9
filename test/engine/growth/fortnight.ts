import { addFailure, decide, type FailedAttempts, type WatchRules } from '../../../src/engine/growth/decide.ts';
import {
  followClock,
  type GrowthBaseline,
  type GrowthRecord,
  recordLook,
} from '../../../src/engine/growth/growth-record.ts';
import { nextDue } from '../../../src/engine/growth/take-look.ts';

export const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** What came of a simulated time with a watcher. All ages are of the time that the machine was awake. */
export interface Simulation {
  readonly rows: number;
  readonly snapshots: number;
  readonly failures: number;
  /** The greatest age that a row reached before it was in a good copy, while nothing but sleep and clocks was wrong. */
  readonly oldestUnsavedMs: number;
  /** The greatest age that a row reached unsaved while the state said neither `unprotected` nor `failed`. */
  readonly oldestUntoldMs: number;
  /** Faults that really happened. */
  readonly faults: Readonly<Record<'sleep' | 'clock' | 'full' | 'down' | 'kill' | 'killedSnapshot', number>>;
}

interface Row {
  readonly awakeMs: number;
}

const rules: WatchRules = { thresholdBytes: 51_200, changeMs: 15 * minute, minPauseMs: minute, schedule: 'off' };
const intervalMs = minute;
const snapshotMs = 4000;
const stepMs = 15_000;

/**
 * A fortnight of a Brain that is written to in bursts and of a watcher, by the real rules: the machine sleeps each night,
 * the clock is set back and ahead, the disk is full for a day, the Brain is down for a day, and both are killed twice a
 * day. The steps are those of the watcher's timer.
 */
export function simulateFortnight(random: () => number): Simulation {
  const rows: Row[] = [];
  const faults = { sleep: 0, clock: 0, full: 0, down: 0, kill: 0, killedSnapshot: 0 };
  let wallOffsetMs = 1e12;
  let trueMs = 0;
  let awakeMs = 0;
  let bytes = 65_536;
  let fill = 0;
  let writtenMs = 0;
  let baseline: GrowthBaseline | undefined;
  let savedRows = 0;
  let lastAutomaticAtMs: number | null = null;
  let record: GrowthRecord | undefined;
  let failed: FailedAttempts | null = null;
  let dueMs: number | undefined;
  let lookedMs = 0;
  let nextLookMs = 0;
  let downUntilMs = 0;
  let snapshots = 0;
  let failures = 0;
  let oldestUnsavedMs = 0;
  let oldestUntoldMs = 0;
  const now = (): number => Math.round(trueMs + wallOffsetMs);
  const dayNumber = (): number => Math.floor(trueMs / day);
  const isDiskFull = (): boolean => dayNumber() === 4;
  const isBrainDown = (): boolean => dayNumber() === 8;

  const write = (): void => {
    const isBurst = Math.floor(trueMs / (20 * minute)) % 3 === 0;
    if (isBrainDown() || random() > (isBurst ? 0.8 : 0.1)) return;
    fill += 100 + random() * (isBurst ? 9000 : 500);
    bytes += Math.floor(fill / 4096) * 4096;
    fill %= 4096;
    rows.push({ awakeMs });
    writtenMs = now();
  };

  const look = (): void => {
    const nowMs = now();
    const known = record && followClock(record, { lookedAtMs: lookedMs, nextLookAtMs: nextLookMs }, nowMs);
    lookedMs = nowMs;
    dueMs = nowMs + intervalMs;
    if (isBrainDown()) faults.down += 1;
    const isWrittenSince = baseline === undefined || (writtenMs > baseline.atMs && writtenMs <= nowMs);
    const sighting = { bytes, usedBytes: bytes, stamp: `${rows.length}` };
    record = recordLook(known, baseline, sighting, isWrittenSince || rows.length !== savedRows, nowMs);
    const baselineAtMs = baseline?.atMs ?? null;
    const facts = { nowMs, record, latest: sighting, baselineAtMs, lastAutomaticAtMs, failed, rescue: false };
    const decision = decide(facts, rules);
    dueMs = Math.min(dueMs, nextDue(decision, record, rules, nowMs) ?? Number.POSITIVE_INFINITY);
    nextLookMs = dueMs;
    if (decision.kind === 'snapshot') save();
  };

  const save = (): void => {
    const atMs = now();
    const copied = { rows: rows.length, bytes };
    trueMs += snapshotMs;
    awakeMs += snapshotMs;
    write();
    if (isDiskFull()) {
      faults.full += 1;
      failures += 1;
      failed = addFailure(failed, 'disk-full', now());
      return;
    }
    if (random() < 0.01) {
      faults.killedSnapshot += 1;
      kill();
      return;
    }
    snapshots += 1;
    failed = null;
    savedRows = copied.rows;
    lastAutomaticAtMs = atMs;
    baseline = { id: `${snapshots}`, atMs, bytes: copied.bytes, usedBytes: copied.bytes };
    dueMs = now();
  };

  /** The state file outlives it; what only the process knew does not. */
  const kill = (): void => {
    faults.kill += 1;
    dueMs = undefined;
    downUntilMs = awakeMs + 30_000;
  };

  const check = (): void => {
    const first = rows[savedRows];
    if (first === undefined) return;
    const ageMs = awakeMs - first.awakeMs;
    const exposureMs = record === undefined ? 0 : now() - record.unchangedAtMs;
    const isTold = failed !== null || baseline === undefined || exposureMs > 30 * minute;
    if (!isTold) oldestUntoldMs = Math.max(oldestUntoldMs, ageMs);
    const hadTrouble = isDiskFull() || failed !== null;
    if (!hadTrouble) oldestUnsavedMs = Math.max(oldestUnsavedMs, ageMs);
  };

  let sleptOn = -1;
  const killsLeft = new Map<number, number>();
  while (trueMs < 14 * day) {
    const waitMs = dueMs === undefined || now() < lookedMs ? 1000 : Math.max(0, dueMs - now());
    const restMs = Math.max(1000, Math.min(waitMs, stepMs));
    trueMs += restMs;
    awakeMs += restMs;
    write();
    const hourOfDay = (trueMs % day) / hour;
    if (hourOfDay > 23 && sleptOn !== dayNumber()) {
      sleptOn = dayNumber();
      faults.sleep += 1;
      trueMs += 8 * hour * random();
    }
    if (random() < 1 / (2 * (day / stepMs))) {
      faults.clock += 1;
      wallOffsetMs += (random() - 0.5) * (random() < 0.5 ? 2 * hour : 800 * day);
    }
    const kills = killsLeft.get(dayNumber()) ?? 2;
    if (kills > 0 && random() < 0.002) {
      killsLeft.set(dayNumber(), kills - 1);
      kill();
    }
    check();
    const isDue = dueMs === undefined || now() >= dueMs || now() < lookedMs;
    if (isDue && awakeMs >= downUntilMs) look();
  }
  return { rows: rows.length, snapshots, failures, oldestUnsavedMs, oldestUntoldMs, faults };
}
