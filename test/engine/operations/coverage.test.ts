import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { createSample } from '../../../sample/create-sample.ts';
import { createEngine } from '../../../src/engine/index.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';
import { createSmallCodex } from '../../helpers/small-codex.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** A Codex with one of everything that the include list misses. */
function createUncovered() {
  const codex = createSmallCodex();
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(codex.root, path)), { recursive: true });
    writeFileSync(join(codex.root, path), text);
  };
  const createDatabase = (path: string): void => {
    mkdirSync(dirname(join(codex.root, path)), { recursive: true });
    const db = new Database(join(codex.root, path));
    db.exec('CREATE TABLE facts (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO facts (text) VALUES (1)');
    db.close();
  };
  write('.gitignore', 'codex-brain-data/\nscratch/\n*.tmp\n');
  write('codex-ears/package.json', '{"name":"codex-ears"}');
  write('codex-ears/inner/package.json', '{}');
  write('codex-nose/smell.py', 'print(1)\n');
  write('codex-boot-manager/src/services.ts', "export const list = [{ name: 'nose', folder: 'codex-nose' }];\n");
  write('scripts/codexAutoBackup.js', '\n');
  write('README.md', 'Codex\n');
  write('notes/todo.txt', 'nobody asks about this\n');
  write('scratch/thing/package.json', '{}');
  write('left.tmp', 'ignored');
  write('.env', 'TOKEN=1');
  write('codex-brain/node_modules/dep/package.json', '{}');
  createDatabase('data/facts.db');
  createDatabase('codex-brain/seen.db');
  createDatabase('codex-brain/codex-brain-data/other.db');
  createDatabase('codex-ears/ears.db');
  return { ...codex, write, createDatabase };
}

const coverage = {
  services: ['codex-ears', 'codex-nose'],
  databases: ['codex-brain/codex-brain-data/other.db', 'codex-ears/ears.db', 'data/facts.db'],
  scripts: ['scripts'],
  files: ['.gitignore', 'README.md'],
};

describe('coverage', () => {
  test('services, those that the Boot Manager starts, scripts, files of the root and databases anywhere are named', async () => {
    const { engine } = createUncovered();
    expect(await engine.coverage()).toEqual(coverage);
    await engine.run({ trigger: 'manual' });
    expect(await engine.coverage()).toEqual(coverage);
    const { state, reasons } = await engine.status();
    expect(state).toBe('attention');
    expect(reasons[0]).toEqual({
      code: 'coverage-open',
      message:
        'No snapshot holds 2 services, 3 databases, the folder scripts and 2 files ' +
        '(codex-ears, codex-nose, codex-brain/codex-brain-data/other.db, …), and you have not said whether one should.',
      hint: 'Add all of it: "codex-backup doctor --add-all". See it one by one, and choose: "codex-backup doctor".',
    });
  });

  test('all of it can be added at once, and the next snapshot holds it', async () => {
    const { engine } = createUncovered();
    const { added, coverage: left } = await engine.answerCoverage({ add: 'all' });
    expect(left).toEqual({ services: [], databases: [], scripts: [], files: [] });
    expect(added).not.toContain('codex-ears/ears.db');
    const { id, databases } = await engine.run({ trigger: 'manual' });
    expect(databases.map(({ path }) => path)).toEqual([...coverage.databases, 'codex-brain/seen.db'].toSorted());
    const paths = (await engine.files(id)).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['README.md', 'scripts/codexAutoBackup.js', 'codex-nose/smell.py']));
    expect((await engine.status()).state).toBe('protected');
    expect((await engine.activity()).find(({ kind }) => kind === 'settings')?.message).toContain('codex-nose');
  });

  test('some can be added and the rest left out, and only what is new is asked about then', async () => {
    const { engine, write } = createUncovered();
    const change = await engine.answerCoverage({ add: ['scripts', './codex-nose/'], leaveOut: 'all' });
    expect(change.added).toEqual(['scripts', 'codex-nose']);
    expect(change.leftOut).toEqual([
      'codex-ears',
      'codex-brain/codex-brain-data/other.db',
      'data/facts.db',
      '.gitignore',
      'README.md',
    ]);
    await engine.run({ trigger: 'manual' });
    expect((await engine.status()).state).toBe('protected');
    write('codex-tail/package.json', '{}');
    expect(await engine.coverage()).toEqual({ services: ['codex-tail'], databases: [], scripts: [], files: [] });
    expect((await engine.status()).state).toBe('attention');
    await engine.answerCoverage({ leaveOut: ['codex-tail'] });
    expect((await engine.status()).state).toBe('protected');
  });

  test('all but one can be added, and what is not there changes nothing', async () => {
    const { engine } = createUncovered();
    for (const path of ['codex-none', '../Codex', '/etc', '']) {
      await expect(engine.answerCoverage({ add: ['scripts', path] })).rejects.toMatchObject({ code: 'usage' });
    }
    expect(await engine.coverage()).toEqual(coverage);
    const { added, coverage: left } = await engine.answerCoverage({ add: 'all', leaveOut: ['codex-ears'] });
    expect(added).not.toContain('codex-ears');
    expect(left.services).toEqual([]);
  });

  test('doctor on a sample names its uncovered service and an uncovered database, and how to add each', async () => {
    const folder = temporaryFolder();
    const { root } = await createSample(join(folder, 'Codex'));
    mkdirSync(join(root, 'data'));
    const db = new Database(join(root, 'data/my facts.db'));
    db.exec('CREATE TABLE facts (id INTEGER PRIMARY KEY)');
    db.close();
    const engine = createEngine({ root, home: join(folder, 'home'), env: {}, logger: silentLogger });
    const { findings, coverage: uncovered } = await engine.doctor();
    expect(uncovered).toMatchObject({ services: ['codex-scheduler'], databases: ['data/my facts.db'] });
    expect(findings).toContainEqual({
      code: 'uncovered-service',
      level: 'warning',
      message: 'No snapshot holds the service codex-scheduler.',
      hint: 'Add it: codex-backup doctor --add codex-scheduler',
    });
    expect(findings.find(({ code }) => code === 'uncovered-database')?.hint).toBe(
      "Add it: codex-backup doctor --add 'data/my facts.db'",
    );
    await engine.answerCoverage({ add: ['codex-scheduler', 'data/my facts.db'] });
    const left = (await engine.doctor()).coverage;
    expect([left.services, left.databases]).toEqual([[], []]);
    const { databases } = await engine.run({ trigger: 'manual' });
    expect(databases.map(({ path }) => path)).toContain('data/my facts.db');
    await engine.close();
  });
});
