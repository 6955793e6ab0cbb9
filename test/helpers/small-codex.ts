import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { createEngine, type Engine } from '../../src/engine/index.ts';
import { type BrainOptions, createBrain } from './brain.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A Codex folder that is little more than its Brain, with an engine and an app home of its own. */
export interface SmallCodex {
  readonly root: string;
  readonly home: string;
  readonly backups: string;
  readonly brain: string;
  readonly engine: Engine;
  /** Runs SQL on the Brain as another program would, and closes it. */
  change(sql: string): void;
}

export function createSmallCodex(options: BrainOptions = { journalMode: 'delete' }): SmallCodex {
  const folder = temporaryFolder();
  const root = join(folder, 'Codex');
  const home = join(folder, 'home');
  const brain = join(root, 'codex-brain/codex-brain-data/codex-brain.db');
  mkdirSync(join(root, 'codex-brain/codex-brain-data'), { recursive: true });
  writeFileSync(join(root, 'codex-brain/package.json'), '{"name":"codex-brain"}');
  createBrain(brain, options);
  const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const engine = createEngine({ root, home, env: {}, logger });
  onTestFinished(() => engine.close());
  return {
    root,
    home,
    backups: join(root, 'backups'),
    brain,
    engine,
    change: (sql) => {
      const db = new Database(brain);
      db.exec(sql);
      db.close();
    },
  };
}
