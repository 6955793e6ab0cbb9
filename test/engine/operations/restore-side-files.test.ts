import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { createEngine } from '../../../src/engine/index.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';
import { brainFile, type CodexPlace, createCodexPlace } from '../../helpers/codex-place.ts';
import { hashTree } from '../../helpers/hash-tree.ts';
import { createLoginShell } from '../../helpers/login-shell.ts';
import { startWriter } from '../../helpers/writer-process.ts';

const withoutServices = { useServices: false } as const;
const apart = ['backups'];

/** A program that uses the Brain and is killed in the middle of writing, as Codex's own stop script does. */
async function killWriter({ brain }: CodexPlace, journalMode: 'wal' | 'delete'): Promise<void> {
  const writer = await startWriter({ file: brain, journalMode, task: 'half-commit' });
  await writer.kill();
  expect(existsSync(`${brain}${journalMode === 'wal' ? '-wal' : '-journal'}`), 'it left nothing').toBe(true);
}

function integrityOf(file: string): unknown {
  const db = new Database(file);
  try {
    return db.pragma('integrity_check', { simple: true });
  } finally {
    db.close();
  }
}

/** All files, but for the side files that reading a database with a WAL makes and leaves empty. */
function fixed(root: string) {
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(`${join(root, brainFile)}-wal`)) expect(statSync(`${join(root, brainFile)}-wal`).size).toBe(0);
    rmSync(join(root, brainFile) + suffix, { force: true });
  }
  return hashTree(root, apart);
}

/** Databases below a folder, by name. */
const brainsBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.endsWith('codex-brain.db'));

test.each(['delete', 'wal'] as const)(
  'F83: the side files of a Brain that was killed after a restore go aside with it when that is undone: %s',
  async (journalMode) => {
    const place = createCodexPlace(journalMode);
    const { engine, brain, root } = place;
    await engine.run({ trigger: 'manual' });
    place.remember(7);
    const newer = fixed(root);
    await engine.restore('latest', { ...withoutServices, scope: 'brain' });
    await killWriter(place, journalMode);
    const { replaced } = await engine.undo(withoutServices);
    expect(fixed(root)).toEqual(newer);
    expect(integrityOf(brain)).toBe('ok');
    expect(place.events()).toBe(57);
    // What it wrote since is set aside whole: the file with what belongs to it.
    const [aside = ''] = brainsBelow(replaced ?? '');
    expect(integrityOf(aside)).toBe('ok');
    const db = new Database(aside);
    expect(db.prepare("SELECT count(*) FROM events WHERE json = 'before the crash'").pluck().get()).toBe(1);
    db.close();

    // And back once more: what was set aside is the Brain again.
    const plan = await engine.planUndo(withoutServices);
    expect(plan.databases).toEqual([expect.objectContaining({ path: brainFile, change: 'replace' })]);
    // One with a WAL is not opened where it is kept: that would change it.
    const rowsThen = journalMode === 'wal' ? null : 51;
    const events = plan.databases[0]?.tables.find(({ name }) => name === 'events');
    expect(events).toMatchObject({ rowsNow: 57, rowsThen });
    await engine.undo(withoutServices);
    expect(integrityOf(brain)).toBe('ok');
    expect(place.events()).toBe(51);
  },
);

test.each(['delete', 'wal'] as const)(
  'F83, F90: what a Codex that did not start has written beside the restored Brain does not meet the old one: %s',
  async (journalMode) => {
    const place = createCodexPlace(journalMode);
    const { root, home, base, brain } = place;
    const env = { ...process.env, SHELL: createLoginShell(base), TMPDIR: base };
    // As long as the start may take to die.
    const serviceWaits = { stoppedMs: 200, runningMs: 60_000 };
    const engine = createEngine({ root, home, env, logger: silentLogger, serviceWaits });
    onTestFinished(() => engine.close());
    const script = join(import.meta.dirname, '../../helpers/killed-start.ts');
    const command = [process.execPath, script, brain, journalMode];
    for (const [key, value] of Object.entries({ stop: ['true'], start: command, ports: [] })) {
      await engine.changeSetting(`restore.${key}`, JSON.stringify(value));
    }
    await engine.run({ trigger: 'manual' });
    place.remember(7);
    const before = fixed(root);
    await expect(engine.restore('latest', { scope: 'brain' })).rejects.toMatchObject({
      code: 'restore-rolled-back',
      details: { step: 'start' },
    });
    expect(fixed(root)).toEqual(before);
    expect(integrityOf(brain)).toBe('ok');
    expect(place.events()).toBe(57);
    // Nothing that was remembered meanwhile is deleted.
    const [restore] = await engine.restores();
    const tried = brainsBelow(restore?.folder ?? '').filter((path) => path.includes('/tried/'));
    expect(tried.map((path) => relative(restore?.folder ?? '', path))).toEqual([`tried/databases/${brainFile}`]);
    const db = new Database(tried[0] ?? '');
    expect(db.prepare("SELECT count(*) FROM events WHERE json = 'before the crash'").pluck().get()).toBe(1);
    db.close();
    expect(readFileSync(join(restore?.folder ?? '', 'journal.jsonl'), 'utf8')).toContain('rolled-back');
  },
);
