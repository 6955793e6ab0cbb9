import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { launcher } from '../cli/support/spawn-cli.ts';
import { type CodexPlace, createCodexPlace } from '../helpers/codex-place.ts';
import { hashTree } from '../helpers/hash-tree.ts';
import { keepPlace } from '../helpers/keep-place.ts';
import { isHealthy } from '../helpers/sample.ts';
import { createRunningSample } from './running-sample.ts';

const timeout = 300_000;
const fullArgs = ['restore', 'latest', '--only', 'full', '--no-services', '--yes'];

/** Runs the real command line on a place; a fail point may end it, and another app home be used. */
function runCli(
  place: CodexPlace,
  args: readonly string[],
  given: { point?: string; home?: string; root?: string } = {},
) {
  const { point, home = 'home', root = place.root } = given;
  const env = {
    ...process.env,
    TMPDIR: place.base,
    CODEX_BACKUP_HOME: join(place.base, home),
    CODEX_BACKUP_FAIL_POINT: point === undefined ? '' : `kill:${point}`,
  };
  const { signal, status, stderr, stdout } = spawnSync(process.execPath, [launcher, ...args, '--root', root], {
    env,
    encoding: 'utf8',
  });
  return { signal, status, stderr, stdout };
}

/** A place with one snapshot, and changes since. */
async function createScene(): Promise<CodexPlace> {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(7);
  place.write('codex-brain/src/brain.js', 'export const brain = 2;\n');
  place.write('codex-brain/lib/new.js', 'made since\n');
  place.write('.env.local', 'ROOT=1\n');
  return place;
}

const oldRoots = (place: CodexPlace): readonly string[] =>
  readdirSync(place.base).filter((name) => name.startsWith(`${basename(place.root)}-old-`));

test('a full restore of a running Codex: a fresh root that works, with its .env files and its backups; undo brings the old one back', {
  timeout,
}, async () => {
  const running = await createRunningSample();
  onTestFinished(running.dispose);
  const { sample, run } = running;
  // With the include list as it comes, the plan says what would be missing; one command adds it.
  expect((await run('run')).code).toBe(0);
  const planned = JSON.parse((await run('restore', 'latest', '--only', 'full', '--dry-run', '--json')).out).plan;
  const warned = planned.warnings.find((warning: { code: string }) => warning.code === 'left-behind').message;
  for (const name of ['scripts', 'codex-config.json', 'codex-ports.json', 'codex-scheduler']) {
    expect(warned).toContain(name);
  }
  expect((await run('doctor', '--add-all')).code).toBe(0);
  expect((await run('run')).code).toBe(0);
  const atSnapshot = running.events();
  await running.post(9);
  const env = readFileSync(join(sample.root, '.env'));
  const newer = hashTree(sample.root, ['logs', 'backups']);
  const rootBefore = lstatSync(sample.root).ino;

  const { code, out, err } = await run('restore', 'latest', '--only', 'full', '--yes', '--json');
  expect(code, err + out).toBe(0);
  expect(lstatSync(sample.root).ino).not.toBe(rootBefore);
  expect(running.events()).toBe(atSnapshot);
  for (const port of [sample.ports.brain, sample.ports.bridge, sample.ports.desktop]) {
    expect(await isHealthy(port)).toBe(true);
  }
  expect(readFileSync(join(sample.root, '.env'))).toEqual(env);
  const { plan } = JSON.parse(out).restore;
  expect(plan.full.carried).toContain('.env');
  const old = join(sample.root, '..', plan.full.oldRoot);
  expect(existsSync(join(old, 'backups'))).toBe(false);
  const verified = await run('verify', 'latest');
  expect(verified.code, verified.err).toBe(0);

  const undone = await run('undo', '--yes');
  expect(undone.code, undone.err).toBe(0);
  expect(lstatSync(sample.root).ino).toBe(rootBefore);
  expect(await isHealthy(sample.ports.brain)).toBe(true);
  await sample.stop();
  expect(hashTree(sample.root, ['logs', 'backups'])).toEqual(newer);
  expect((await run('run')).code).toBe(0);
});

test('F78: killed before or after any move of a full restore, recover brings all-old or all-new', {
  timeout,
}, async () => {
  const place = await createScene();
  const old = hashTree(place.root, ['backups']);
  const snapshots = readdirSync(join(place.root, 'backups'));
  const reset = await keepPlace(place);
  expect(runCli(place, fullArgs).status).toBe(0);
  const restored = hashTree(place.root, ['backups']);
  const points = [1, 2, 3].flatMap((number) => [`change:${number}:before`, `change:${number}:after`]);
  const steps = ['stage:begun', 'stage:done', 'swap:begun', 'swap:done'].map((step) => `restore:${step}`);
  for (const point of [...steps, ...points, 'restore:committed']) {
    reset();
    const killed = runCli(place, fullArgs, { point });
    expect(killed.signal, `${point}: ${killed.stderr}`).toBe('SIGKILL');
    const recovered = runCli(place, ['recover'], { home: 'another-home' });
    expect(recovered.status, `${point}: ${recovered.stderr}`).toBe(0);
    expect(hashTree(place.root, ['backups']), point).toEqual(point === 'restore:committed' ? restored : old);
    expect(oldRoots(place), point).toHaveLength(point === 'restore:committed' ? 1 : 0);
    expect(readdirSync(join(place.root, 'backups')), point).toEqual(expect.arrayContaining(snapshots));
    const db = new Database(place.brain, { readonly: true });
    expect(db.pragma('integrity_check', { simple: true }), point).toBe('ok');
    db.close();
    expect(
      (await place.engine.restores()).map(({ state }) => state),
      point,
    ).not.toContain('interrupted');
  }
});

test('F78: killed once more while the moves of a full restore are taken back, the next recovery ends it', {
  timeout,
}, async () => {
  const place = await createScene();
  const old = hashTree(place.root, ['backups']);
  const reset = await keepPlace(place);
  for (const number of [1, 2, 3]) {
    for (const side of ['before', 'after']) {
      reset();
      expect(runCli(place, fullArgs, { point: 'restore:swap:done' }).signal).toBe('SIGKILL');
      expect(runCli(place, ['recover'], { point: `undo:${number}:${side}` }).signal).toBe('SIGKILL');
      const { status, stderr } = runCli(place, ['recover'], { home: 'another-home' });
      expect(status, stderr).toBe(0);
      expect(hashTree(place.root, ['backups'])).toEqual(old);
      expect(oldRoots(place)).toEqual([]);
    }
  }
});

test('a full restore can be undone, and that undone again', { timeout }, async () => {
  const place = await createScene();
  const old = hashTree(place.root, ['backups']);
  expect(runCli(place, fullArgs).status).toBe(0);
  const restored = hashTree(place.root, ['backups']);
  expect(restored['codex-brain/.env']).toBe(old['codex-brain/.env']);
  expect(restored['.env.local']).toBe(old['.env.local']);
  expect(restored['codex-brain/lib/new.js']).toBeUndefined();
  for (const expected of [old, restored]) {
    const { status, stderr } = runCli(place, ['undo', '--no-services', '--yes']);
    expect(status, stderr).toBe(0);
    expect(hashTree(place.root, ['backups'])).toEqual(expected);
    expect(existsSync(join(place.root, 'backups/.locks'))).toBe(true);
  }
});

test('a full restore is refused where the root is a link, or holds the app home', { timeout }, async () => {
  const place = await createScene();
  const before = hashTree(place.root, ['backups']);
  const link = join(place.base, 'link');
  symlinkSync(place.root, link);
  const asLink = runCli(place, fullArgs, { root: link });
  expect(asLink.status).toBe(1);
  expect(asLink.stderr).toContain('is a link');
  const withHome = runCli(place, fullArgs, { home: 'Codex/home' });
  expect(withHome.status).toBe(1);
  expect(withHome.stderr).toContain('holds the app home');
  expect(runCli(place, [...fullArgs, '--keep-newer']).stderr).toContain('no meaning for a full restore');
  rmSync(join(place.root, 'home'), { recursive: true, force: true });
  expect(hashTree(place.root, ['backups'])).toEqual(before);
});
