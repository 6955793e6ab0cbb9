import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { createEngine, type Engine } from '../../src/engine/index.ts';
import { silentLogger } from '../../src/engine/platform/logger.ts';
import { createBrain } from './brain.ts';

/** A Codex folder of two small services that nobody runs, with its engine. */
export interface CodexPlace {
  /** Holds the root, its restores folder and the app home. */
  readonly base: string;
  readonly root: string;
  readonly brain: string;
  readonly home: string;
  readonly engine: Engine;
  write(path: string, text: string): void;
  /** Inserts events into the Brain. */
  remember(count: number): void;
  events(): number;
}

export const brainFile = 'codex-brain/codex-brain-data/codex-brain.db';

/** Makes the place in a temporary folder, removed when the test has finished. */
export function createCodexPlace(journalMode: 'wal' | 'delete' = 'delete'): CodexPlace {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'codex-place-')));
  const root = join(base, 'Codex');
  const brain = join(root, brainFile);
  const home = join(base, 'home');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('.gitignore', 'node_modules/\ndist/\n*.log\n.env\ncodex-brain-data/\nbackups/\n');
  write('package.json', '{"name":"codex-os"}');
  write('codex-brain/package.json', '{"name":"codex-brain"}');
  write('codex-brain/src/brain.js', 'export const brain = 1;\n');
  write('codex-brain/src/old.js', 'removed one day\n');
  write('codex-brain/.env', 'TOKEN=canary\n');
  write('codex-brain/node_modules/dep/index.js', 'module.exports = 1;\n');
  write('codex-voice/src/voice.js', 'export const voice = 1;\n');
  write('codex-voice/src/run.sh', '#!/bin/sh\n');
  chmodSync(join(root, 'codex-voice/src/run.sh'), 0o755);
  symlinkSync('voice.js', join(root, 'codex-voice/src/current.js'));
  write('notes/uncovered.txt', 'no snapshot holds this\n');
  mkdirSync(dirname(brain), { recursive: true });
  createBrain(brain, { journalMode });
  const engine = createEngine({ root, home, env: { ...process.env, TMPDIR: base }, logger: silentLogger });
  onTestFinished(async () => {
    await engine.close();
    rmSync(base, { recursive: true, force: true });
  });
  return {
    base,
    root,
    brain,
    home,
    engine,
    write,
    remember: (count) => remember(brain, count),
    events: () => countEvents(brain),
  };
}

function remember(brain: string, count: number): void {
  const db = new Database(brain);
  const insert = db.prepare(
    "INSERT INTO events (sessionId, kind, json, createdAt) VALUES ('s', 'TurnAppended', '{}', ?)",
  );
  for (let index = 0; index < count; index += 1) insert.run(`2025-11-23T00:00:0${index % 10}.000Z`);
  db.close();
}

function countEvents(brain: string): number {
  const db = new Database(brain, { readonly: true });
  try {
    return Number(db.prepare('SELECT count(*) FROM events').pluck().get());
  } finally {
    db.close();
  }
}
