import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSample } from '../../sample/create-sample.ts';
import { createEngine, type Engine } from '../../src/engine/index.ts';
import { silentLogger } from '../../src/engine/platform/logger.ts';
import { createBrain } from '../helpers/brain.ts';
import { waitUntil } from '../helpers/sample.ts';
import { startWriter, type Writer } from '../helpers/writer-process.ts';
import { compareRows, lastRow } from './compare-rows.ts';
import { middle, readUse, type Use } from './process-use.ts';
import { startWatching, type Watching } from './start-watching.ts';

export interface SoakOptions {
  readonly seconds: number;
  readonly onLine?: (line: string) => void;
}

/** What a soak came to; without problems it passed. */
export interface SoakFigures {
  readonly seconds: number;
  readonly commits: number;
  readonly writerErrors: number;
  readonly longestCommitMs: number;
  readonly snapshots: number;
  /** Attempts that gave way to the writer, because a busy disk would have held it for too long. */
  readonly givenUp: number;
  readonly kept: number;
  readonly restores: number;
  readonly rowsCompared: number;
  readonly mostRowsUnsaved: number;
  /** Of the watcher, after the warm-up and at the end. */
  readonly memoryBytes: readonly [number, number];
  readonly openFiles: readonly [number, number];
  readonly problems: readonly string[];
}

const commitsPerSecond = 100;
const restoreEachMs = 30_000;
const keepLast = 5;
/** What the heap of a watcher may come to more before its collector has settled; a leak grows on. */
const settlingBytes = 40_000_000;
const settlingFiles = 3;
/** What is open while a snapshot is taken is no leak: it is what stays open at all times that must not grow. */
const least = (values: readonly number[]): number => Math.min(...values);

/**
 * A real watcher on a real Codex whose Brain, in rollback-journal mode, is written to 100 times a second by a program
 * with a busy timeout of one second: snapshots by growth, pruning after each, and every 30 s a restore that is checked.
 */
export async function runSoak({ seconds, onLine = () => undefined }: SoakOptions): Promise<SoakFigures> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'codex-soak-')));
  const root = join(folder, 'Codex');
  const home = join(folder, 'home');
  const engine = createEngine({ root, home, env: process.env, logger: silentLogger });
  let writer: Writer | undefined;
  let watching: Watching | undefined;
  try {
    const { brain } = await createSample(root);
    rmSync(brain);
    createBrain(brain, { journalMode: 'delete' });
    const firstRows = lastRow(brain);
    await prepare(engine);
    writer = await startWriter({
      file: brain,
      journalMode: 'delete',
      task: 'insert',
      ratePerSecond: commitsPerSecond,
      busyTimeoutMs: 1000,
    });
    watching = await startWatching(root, home);
    const soak = new Soak(
      { engine, writer, watching, brain, firstRows, scratch: folder, backups: join(root, 'backups') },
      onLine,
    );
    await soak.run(seconds * 1000);
    return await soak.finish(seconds);
  } finally {
    await watching?.kill();
    await writer?.kill();
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prepare(engine: Engine): Promise<void> {
  await engine.changeSetting('watch.intervalSeconds', '1');
  await engine.changeSetting('watch.minPauseSeconds', '5');
  await engine.changeSetting('retention.keepLast', String(keepLast));
  await engine.changeSetting('retention.afterEachSnapshot', 'true');
  await engine.changeSetting('space.reserveBytes', '0');
  await engine.run({ trigger: 'manual' });
}

interface Stage {
  readonly engine: Engine;
  readonly writer: Writer;
  readonly watching: Watching;
  readonly brain: string;
  /** Events that the Brain had at first. */
  readonly firstRows: number;
  readonly scratch: string;
  readonly backups: string;
}

class Soak {
  readonly #stage: Stage;
  readonly #onLine: (line: string) => void;
  readonly #uses: Use[] = [];
  readonly #problems: string[] = [];
  #restores = 0;
  #rowsCompared = 0;
  #mostRowsUnsaved = 0;

  constructor(stage: Stage, onLine: (line: string) => void) {
    this.#stage = stage;
    this.#onLine = onLine;
  }

  async run(durationMs: number): Promise<void> {
    const startedMs = performance.now();
    const elapsed = (): number => performance.now() - startedMs;
    // Also a short one restores twice, the second time at its end.
    const restoreMs = Math.min(restoreEachMs, durationMs / 2);
    for (let nextMs = restoreMs; elapsed() < durationMs; ) {
      await sleep(Math.min(1000, Math.max(0, durationMs - elapsed())));
      this.#uses.push(readUse(this.#stage.watching.pid));
      if (elapsed() < nextMs) continue;
      nextMs += restoreMs;
      await this.#restore();
      this.#onLine(this.#describe(elapsed()));
    }
  }

  async finish(seconds: number): Promise<SoakFigures> {
    const { engine, writer, watching, backups } = this.#stage;
    // The last restore may have kept the prunes beside it from removing: the next one catches up.
    const { snapshots } = watching.counts();
    await waitUntil(
      'a snapshot after the last restore',
      () => watching.counts().snapshots > snapshots,
      undefined,
      undefined,
      60_000,
    );
    const report = await writer.report();
    const summary = await watching.end();
    this.#problems.push(...summary.problems);
    const bad = (await engine.verify([])).filter(({ problems }) => problems.length > 0);
    this.#problems.push(...bad.map(({ id }) => `${id} did not verify`));
    const names = readdirSync(backups);
    const kept = names.filter((name) => name.startsWith('codex-backup-')).length;
    const left = names.filter((name) => /^\.(partial|trash)-/.test(name));
    this.#expect(left.length === 0, `left behind: ${left.join(', ')}`);
    const [memory, files] = [this.#compareUse('memoryBytes', middle), this.#compareUse('openFiles', least)];
    this.#expect(memory[1] <= memory[0] + settlingBytes, `memory grew from ${memory[0]} to ${memory[1]} bytes`);
    this.#expect(files[1] <= files[0] + settlingFiles, `open files grew from ${files[0]} to ${files[1]}`);
    this.#expect(report.busyErrors === 0, `the writer lost ${report.busyErrors} writes`);
    this.#expect(report.commits > seconds * commitsPerSecond * 0.5, `only ${report.commits} commits were made`);
    this.#expect(summary.snapshots >= seconds / 20, `only ${summary.snapshots} snapshots were taken`);
    this.#expect(summary.givenUp <= summary.snapshots / 10 + 1, `${summary.givenUp} snapshots were given up`);
    this.#expect(kept <= keepLast + 1, `${kept} snapshots were kept`);
    this.#expect(this.#restores >= 2, `only ${this.#restores} restores were made`);
    return {
      seconds,
      commits: report.commits,
      writerErrors: report.busyErrors,
      longestCommitMs: report.longestMs,
      snapshots: summary.snapshots,
      givenUp: summary.givenUp,
      kept,
      restores: this.#restores,
      rowsCompared: this.#rowsCompared,
      mostRowsUnsaved: this.#mostRowsUnsaved,
      memoryBytes: memory,
      openFiles: files,
      problems: this.#problems,
    };
  }

  async #restore(): Promise<void> {
    const { engine, brain, firstRows, scratch } = this.#stage;
    const target = join(scratch, `restored-${this.#restores}`);
    await engine.restoreInto('latest', target);
    const compared = compareRows(join(target, 'codex-brain/codex-brain-data/codex-brain.db'), brain, firstRows);
    rmSync(target, { recursive: true });
    this.#restores += 1;
    this.#rowsCompared += compared.rows;
    this.#mostRowsUnsaved = Math.max(this.#mostRowsUnsaved, compared.unsaved);
    this.#problems.push(...compared.problems);
  }

  /** What was used after the first sixth, and in the last third. */
  #compareUse(what: keyof Use, sumUp: (values: readonly number[]) => number): readonly [number, number] {
    const values = this.#uses.map((use) => use[what]);
    const part = Math.max(1, Math.floor(values.length / 6));
    return [sumUp(values.slice(part, 3 * part)), sumUp(values.slice(-2 * part))];
  }

  #expect(holds: boolean, problem: string): void {
    if (!holds) this.#problems.push(problem);
  }

  #describe(elapsedMs: number): string {
    const use = this.#uses.at(-1);
    const megabytes = Math.round((use?.memoryBytes ?? 0) / 1e6);
    const { snapshots } = this.#stage.watching.counts();
    return (
      `${Math.round(elapsedMs / 1000)} s: ${snapshots} snapshots, ${this.#restores} restores, ${this.#rowsCompared} rows ` +
      `compared, ${megabytes} MB, ${use?.openFiles ?? 0} open files, ${this.#problems.length} problems`
    );
  }
}
