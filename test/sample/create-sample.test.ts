import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createSample } from '../../sample/create-sample.ts';
import { initGit } from '../helpers/git-sample.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'create-sample-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const environment = {
  ...process.env,
  PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
  // Nobody listens there: whatever wants the network fails.
  npm_config_registry: 'http://127.0.0.1:9',
};

function npm(place: string, ...parameters: string[]) {
  return spawnSync('npm', parameters, { cwd: place, env: environment, encoding: 'utf8' });
}

describe('createSample', () => {
  it('makes every service, the shared packages and the scripts, each built and installed', async () => {
    const { root } = await createSample(join(folder, 'Codex'));
    const services = readdirSync(root).filter((name) => existsSync(join(root, name, 'package.json')));
    expect(services.sort()).toEqual([
      'codex-boot-manager',
      'codex-brain',
      'codex-bridge',
      'codex-desktop',
      'codex-hands',
      'codex-orchestrator',
      'codex-scheduler',
      'codex-voice',
    ]);
    for (const service of services) {
      expect(existsSync(join(root, service, 'dist', 'index.js'))).toBe(true);
      expect(readlinkSync(join(root, service, 'node_modules', '.bin', 'codex-build'))).toContain('codex-build.js');
      expect(existsSync(join(root, service, 'node_modules', '.bin', 'codex-build'))).toBe(true);
    }
    expect(readFileSync(join(root, '.gitignore'), 'utf8').trim().split('\n')).toEqual([
      'node_modules/',
      'dist/',
      '*.log',
      '.DS_Store',
      '.env',
      '.env.local',
      'codex-brain-data/',
      '.codex-playwright-profile/',
      'backups/',
    ]);
  });

  it('seeds the same small Brain every time, in rollback-journal mode', async () => {
    const first = await createSample(join(folder, 'a'));
    const second = await createSample(join(folder, 'b'));
    expect(readFileSync(first.brain).equals(readFileSync(second.brain))).toBe(true);
    expect(statSync(first.brain).size).toBeGreaterThan(64_000);
    expect(statSync(first.brain).size).toBeLessThan(100_000);
    const brain = new Database(first.brain, { readonly: true });
    expect(brain.pragma('journal_mode', { simple: true })).toBe('delete');
    expect(brain.pragma('integrity_check', { simple: true })).toBe('ok');
    for (const [table, rows] of Object.entries(first.rows)) {
      expect(brain.prepare(`SELECT count(*) AS rows, max(id) AS last FROM ${table}`).get()).toEqual({
        rows,
        last: rows,
      });
    }
    brain.close();
  });

  it('gives a sample other ports than those of one that runs, unless it is told which', async () => {
    const first = await createSample(join(folder, 'a'));
    const servers = Object.values(first.ports).map((port) => createServer().listen(port, '127.0.0.1'));
    onTestFinished(() => {
      for (const server of servers) server.close();
    });
    await Promise.all(servers.map((server) => once(server, 'listening')));
    const second = await createSample(join(folder, 'b'), { ports: { brain: first.ports.brain } });
    const { brain, ...others } = second.ports;
    expect(brain).toBe(first.ports.brain);
    expect(new Set([...Object.values(first.ports), ...Object.values(others)]).size).toBe(15);
    expect(JSON.parse(readFileSync(join(second.root, 'codex-ports.json'), 'utf8'))).toEqual(second.ports);
  });

  it('refuses a folder that holds something, and leaves it as it is', async () => {
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    await expect(createSample(folder)).rejects.toMatchObject({ code: 'target-exists' });
    expect(readdirSync(folder)).toEqual(['mine.txt']);
  });

  it('leaves nothing behind when it fails', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const failing = { templateFolder: join(folder, 'no-template') };
    await expect(createSample(empty, failing)).rejects.toThrow('ENOENT');
    await expect(createSample(join(folder, 'new'), failing)).rejects.toThrow('ENOENT');
    expect(readdirSync(empty)).toEqual([]);
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  it('is seen by git with its nested rules: secrets, databases and profiles stay out', async () => {
    const { root } = await createSample(join(folder, 'Codex'));
    initGit(root);
    const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
    const inside = [
      'codex-bridge/.env.example',
      'codex-hands/data/recipes/book-a-table.json',
      'codex-desktop/public/vendor.js.map',
    ];
    const outside = ['.env', 'codex-bridge/.env', 'codex-hands/data/hands.sqlite', 'codex-hands/data/cache/pages.json'];
    const alsoOutside = [
      'codex-voice/#draft-prompt.md',
      'codex-voice/recordings/2025-11-20.wav',
      'codex-brain/scratch/notes.txt',
    ];
    expect(tracked).toEqual(expect.arrayContaining([...inside, 'codex-voice/recordings/keep/welcome.wav']));
    for (const path of [...outside, ...alsoOutside]) {
      expect(existsSync(join(root, path)), path).toBe(true);
      expect(tracked).not.toContain(path);
    }
  });
});

describe('a sample', () => {
  it('installs and builds without a network, and is the same afterwards', async () => {
    const { root } = await createSample(join(folder, 'Codex'));
    const service = join(root, 'codex-brain');
    const lock = readFileSync(join(service, 'package-lock.json'), 'utf8');
    const built = readFileSync(join(service, 'dist', 'brain.js'), 'utf8');
    rmSync(join(service, 'node_modules'), { recursive: true });
    rmSync(join(service, 'dist'), { recursive: true });
    expect(npm(service, 'install').status).toBe(0);
    expect(npm(service, 'run', 'build').status).toBe(0);
    expect(npm(join(root, 'packages', 'codex-shared'), 'run', 'build').status).toBe(0);
    expect(readFileSync(join(service, 'package-lock.json'), 'utf8')).toBe(lock);
    expect(readFileSync(join(service, 'dist', 'brain.js'), 'utf8')).toBe(built);
  });

  it('does not build a source with a syntax error, says which, and keeps the old dist', async () => {
    const { root } = await createSample(join(folder, 'Codex'));
    const service = join(root, 'codex-brain');
    const built = readFileSync(join(service, 'dist', 'brain.js'), 'utf8');
    appendFileSync(join(service, 'src', 'brain.js'), '\nexport const broken = ;\n');
    const { status, stderr } = npm(service, 'run', 'build');
    expect(status).not.toBe(0);
    expect(stderr).toContain('src/brain.js does not compile');
    expect(readFileSync(join(service, 'dist', 'brain.js'), 'utf8')).toBe(built);
  });
});
