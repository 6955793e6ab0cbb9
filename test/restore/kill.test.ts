import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { launcher } from '../cli/support/spawn-cli.ts';
import { type CodexPlace, createCodexPlace } from '../helpers/codex-place.ts';
import { hashTree } from '../helpers/hash-tree.ts';
import { keepPlace } from '../helpers/keep-place.ts';

/** Else a recovery is killed on one side of each change, after one point; not on both sides, after three. */
const isThorough = Number(process.env['SCALE'] ?? 1) > 1;
const timeout = isThorough ? 1_200_000 : 300_000;

/** Runs the real command line on a place; a fail point may end it, and another app home be used. */
function runCli(place: CodexPlace, args: readonly string[], point = '', home = 'home') {
  const env = {
    ...process.env,
    TMPDIR: place.base,
    CODEX_BACKUP_HOME: join(place.base, home),
    CODEX_BACKUP_FAIL_POINT: point === '' ? '' : `kill:${point}`,
  };
  const { signal, status, stderr } = spawnSync(process.execPath, [launcher, ...args, '--root', place.root], {
    env,
    encoding: 'utf8',
  });
  return { signal, status, stderr };
}

const hash = (place: CodexPlace) => hashTree(place.root, ['backups']);

interface Scene {
  readonly place: CodexPlace;
  readonly old: Readonly<Record<string, string>>;
  /** Makes it what it was in the beginning. */
  reset(): void;
}

/** A place with one snapshot, and with changes of every kind since. */
async function createScene(): Promise<Scene> {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(7);
  place.write('codex-brain/src/brain.js', 'export const brain = 2;\n');
  place.write('codex-brain/lib/new.js', 'made since\n');
  unlinkSync(join(place.root, 'codex-brain/src/old.js'));
  rmSync(join(place.root, 'codex-voice'), { recursive: true });
  return { place, old: hash(place), reset: await keepPlace(place) };
}

/** All-old or all-new, the Brain sound, and nothing under way any more. */
async function expectWhole({ place, old }: Scene, restored: Readonly<Record<string, string>>, point: string) {
  const now = hash(place);
  const isOld = place.events() === 57;
  expect(now, point).toEqual(isOld ? old : restored);
  const db = new Database(place.brain, { readonly: true });
  expect(db.pragma('integrity_check', { simple: true }), point).toBe('ok');
  db.close();
  const states = (await place.engine.restores()).map(({ state }) => state);
  expect(states, point).not.toContain('interrupted');
  return isOld ? 'old' : 'new';
}

const restoreArgs = ['restore', 'latest', '--no-services', '--yes'];

/** A scene, and what a restore that nobody interrupts makes of it. */
async function createRestored() {
  const scene = await createScene();
  expect(runCli(scene.place, restoreArgs).status).toBe(0);
  return { scene, restored: hash(scene.place) };
}

const steps = ['preflight', 'stage', 'stop', 'safety', 'swap'].flatMap((step) => [
  `restore:${step}:begun`,
  `restore:${step}:done`,
]);
const changeCount = 7;
const changes = Array.from({ length: changeCount }, (_, index) => index + 1).flatMap((number) => [
  `change:${number}:before`,
  `change:${number}:after`,
]);

test('F78: killed before or after any step or change, a restore is made whole by recover, from any app home', {
  timeout,
}, async () => {
  const { scene, restored } = await createRestored();
  const outcomes = new Map<string, string>();
  for (const point of [...steps, ...changes, 'restore:committed']) {
    scene.reset();
    expect(runCli(scene.place, restoreArgs, point).signal, point).toBe('SIGKILL');
    const recovered = runCli(scene.place, ['recover'], '', 'another-home');
    expect(recovered.status, `${point}: ${recovered.stderr}`).toBe(0);
    outcomes.set(point, await expectWhole(scene, restored, point));
  }
  expect(outcomes.get('restore:committed')).toBe('new');
  expect([...outcomes.values()].filter((outcome) => outcome === 'new')).toHaveLength(1);
});

test('F78: killed once more in the recovery, it is made whole by the next', { timeout }, async () => {
  const { scene, restored } = await createRestored();
  const undoPoints = Array.from({ length: changeCount }, (_, index) => index + 1).flatMap((number) =>
    isThorough
      ? [`undo:${number}:before`, `undo:${number}:after`]
      : [`undo:${number}:${number % 2 ? 'after' : 'before'}`],
  );
  const firsts = isThorough ? ['change:3:after', 'change:6:before', 'restore:swap:done'] : ['restore:swap:done'];
  for (const first of firsts) {
    for (const second of ['rollback:begun', 'rollback:stopped', ...undoPoints, 'rollback:undone', 'rollback:started']) {
      scene.reset();
      expect(runCli(scene.place, restoreArgs, first).signal, first).toBe('SIGKILL');
      const killed = runCli(scene.place, ['recover'], second);
      if (killed.signal === null && first !== 'restore:swap:done') continue; // fewer changes were made by then
      expect(killed.signal, second).toBe('SIGKILL');
      expect(runCli(scene.place, ['recover'], '', 'another-home').status, second).toBe(0);
      expect(await expectWhole(scene, restored, second)).toBe('old');
    }
  }
});

test('F78: killed half-way, an undo is rolled back to the restored tree, and can then be done', {
  timeout,
}, async () => {
  const { place, old } = await createScene();
  expect(runCli(place, restoreArgs).status).toBe(0);
  const restored = hash(place);
  expect(runCli(place, ['undo', '--no-services', '--yes'], 'change:4:after').signal).toBe('SIGKILL');
  expect(runCli(place, ['recover'], '', 'another-home').status).toBe(0);
  expect(hash(place)).toEqual(restored);
  expect(runCli(place, ['undo', '--no-services', '--yes']).status).toBe(0);
  expect(hash(place)).toEqual(old);
});

test('the next snapshot recovers an interrupted restore before it saves anything', { timeout }, async () => {
  const scene = await createScene();
  expect(runCli(scene.place, restoreArgs, 'change:2:after').signal).toBe('SIGKILL');
  expect(runCli(scene.place, ['run']).status).toBe(0);
  expect(hash(scene.place)).toEqual(scene.old);
  const [saved] = await scene.place.engine.list();
  expect(saved?.brain?.tables.find(({ name }) => name === 'events')?.rows).toBe(57);
});

test('an interrupted restore makes the state failed, and a watcher that starts recovers it', { timeout }, async () => {
  const scene = await createScene();
  const { place } = scene;
  expect(runCli(place, [...restoreArgs, '--only', 'brain'], 'change:1:after').signal).toBe('SIGKILL');
  expect(existsSync(place.brain), 'the Brain is on its way').toBe(false);
  const [restore] = await place.engine.restores();
  const { state, reasons } = await place.engine.status();
  expect(state).toBe('failed');
  expect(reasons[0]).toMatchObject({ code: 'restore-interrupted', hint: expect.stringContaining('recover') });
  expect(reasons[0]?.message).toContain(restore?.id);
  const controller = new AbortController();
  const onEvent = ({ kind }: { readonly kind: string }): void => {
    if (kind === 'look') controller.abort();
  };
  await place.engine.watch({ signal: controller.signal, onEvent });
  expect(hash(place)).toEqual(scene.old);
  expect((await place.engine.status()).reasons.map(({ code }) => code)).not.toContain('restore-interrupted');
});

test('F91: a rollback that fails exits with 7, names the steps to take by hand, and can be tried again', {
  timeout,
}, async () => {
  const scene = await createScene();
  const { place } = scene;
  expect(runCli(place, restoreArgs, 'restore:swap:done').signal).toBe('SIGKILL');
  const [restore] = await place.engine.restores();
  const kept = join(restore?.folder ?? '', 'replaced/files/codex-brain/src/brain.js');
  const away = join(place.base, 'taken-away.js');
  expect(spawnSync('mv', [kept, away]).status).toBe(0);
  const failed = runCli(place, ['recover']);
  expect(failed.status).toBe(7);
  expect(failed.stderr).toContain('Nothing was deleted');
  expect(failed.stderr).toContain('replaced');
  expect(spawnSync('mv', [away, kept]).status).toBe(0);
  expect(runCli(place, ['recover']).status).toBe(0);
  expect(hash(place)).toEqual(scene.old);
});
