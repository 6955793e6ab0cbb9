import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createEngine, type Engine } from '../../../src/engine/index.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';
import { checkPreconditions } from '../../../src/engine/restore/preflight.ts';
import { createRestoreFolder } from '../../../src/engine/restore/restore-folder.ts';
import { type CodexPlace, createCodexPlace } from '../../helpers/codex-place.ts';
import { hashTree } from '../../helpers/hash-tree.ts';
import { createLoginShell } from '../../helpers/login-shell.ts';

const apart = ['backups'];

function engineWithCommands(place: CodexPlace, env: NodeJS.ProcessEnv = {}): Engine {
  const { root, home, base } = place;
  return createEngine({
    root,
    home,
    env: { ...process.env, SHELL: createLoginShell(base), TMPDIR: base, ...env },
    logger: silentLogger,
    // Nothing of these places restarts by itself, and each start command ends; the usual waits are what the tests of
    // services are about.
    serviceWaits: { stoppedMs: 200, runningMs: 60_000 },
  });
}

/** Commands that note that they ran, and what they were given. */
async function setCommands(engine: Engine, place: CodexPlace, build: string): Promise<string> {
  const record = join(place.base, 'record.txt');
  const note = (name: string) => JSON.stringify(['sh', '-c', `echo ${name} >> '${record}'; env >> '${record}.env'`]);
  await engine.changeSetting('restore.stop', note('stop'));
  await engine.changeSetting('restore.start', note('start'));
  await engine.changeSetting('restore.ports', '[]');
  await engine.changeSetting('restore.build', JSON.stringify(['sh', '-c', build]));
  return record;
}

test('F80: a safety snapshot that fails ends the restore, and nothing is moved', async () => {
  const place = createCodexPlace();
  const engine = engineWithCommands(place);
  const record = await setCommands(engine, place, 'true');
  await engine.run({ trigger: 'manual' });
  place.remember(3);
  const before = hashTree(place.root, apart);
  // The newest archive can not be reused and the disk refuses a new one: a file lies where the records belong.
  const meta = join(place.root, 'backups/.meta');
  rmSync(meta, { recursive: true });
  const failing = engine.restore('latest', {
    scope: 'brain',
    approve: async () => writeFileSync(meta, 'in the way'),
  });
  await expect(failing).rejects.toMatchObject({ code: 'restore-rolled-back', details: { step: 'safety' } });
  expect(hashTree(place.root, apart)).toEqual(before);
  expect(readFileSync(record, 'utf8')).toContain('stop');
  await engine.close();
});

test('F79: a restore for which there is too little space is refused, with the figures, before anything is stopped', async () => {
  const place = createCodexPlace();
  const engine = engineWithCommands(place);
  const record = await setCommands(engine, place, 'true');
  await engine.run({ trigger: 'manual' });
  const plan = await engine.planRestore('latest', { scope: 'brain' });
  expect(plan.space.neededBytes).toBeGreaterThan(0);
  const folder = createRestoreFolder(place.root, Date.now());
  // More than any disk has, whatever others free on it meanwhile.
  const space = { ...plan.space, neededBytes: 1e15 };
  const checking = checkPreconditions(
    { folder, loginPath: async () => ({ path: '', source: 'usual-places' }) },
    { ...plan, space },
  );
  await expect(checking).rejects.toMatchObject({ code: 'low-space' });
  expect(existsSync(record)).toBe(false);
  await engine.close();
});

test('F88: modules and built files that a failing build has deleted come back as they were', async () => {
  const place = createCodexPlace();
  const engine = engineWithCommands(place);
  place.write('codex-brain/package.json', '{"name":"codex-brain","scripts":{"build":"tsc"},"main":"dist/index.js"}');
  place.write('codex-brain/dist/index.js', 'built\n');
  await setCommands(engine, place, 'rm -rf node_modules dist; echo half > half-built.txt; exit 3');
  await engine.run({ trigger: 'manual' });
  place.write('codex-brain/src/brain.js', 'newer\n');
  const before = hashTree(place.root, apart);
  const failing = engine.restore('latest', { scope: 'code' });
  await expect(failing).rejects.toMatchObject({ code: 'restore-rolled-back', details: { step: 'rebuild' } });
  rmSync(join(place.root, 'codex-brain/half-built.txt'));
  expect(hashTree(place.root, apart)).toEqual(before);
  expect(existsSync(join(place.root, 'codex-brain/node_modules/dep/index.js'))).toBe(true);
  await engine.close();
});

test('F89: an install that left out a compiled part, though it ended well, is rolled back with what to do', async () => {
  const place = createCodexPlace();
  const engine = engineWithCommands(place);
  place.write('codex-brain/package.json', '{"name":"codex-brain","dependencies":{"sharp":"1"}}');
  await setCommands(engine, place, 'true');
  const lock = JSON.stringify({ packages: { 'node_modules/sharp': { hasInstallScript: true } } });
  const install = `mkdir -p node_modules/sharp && touch node_modules/sharp/binding.gyp && echo '${lock}' > node_modules/.package-lock.json`;
  await engine.changeSetting('restore.install', JSON.stringify(['sh', '-c', install]));
  await engine.run({ trigger: 'manual' });
  place.write('codex-brain/package.json', '{"name":"codex-brain"}');
  const before = hashTree(place.root, apart);
  await expect(engine.restore('latest', { scope: 'code' })).rejects.toMatchObject({
    code: 'restore-rolled-back',
    message: expect.stringContaining('sharp'),
    details: { step: 'rebuild' },
  });
  expect(hashTree(place.root, apart)).toEqual(before);
  await engine.close();
});

test('modules that were compiled for another Node are installed afresh, and come back when that fails', async () => {
  const place = createCodexPlace();
  const engine = engineWithCommands(place);
  const modules = join(place.root, 'codex-brain/node_modules');
  place.write('codex-brain/package.json', '{"name":"codex-brain","dependencies":{"bound":"1"}}');
  const lock = { packages: { 'node_modules/bound': { hasInstallScript: true } } };
  place.write('codex-brain/node_modules/.package-lock.json', JSON.stringify(lock));
  place.write('codex-brain/node_modules/bound/build/Release/bound.node', 'ELF node_register_module_v64\0');
  await setCommands(engine, place, 'true');
  const { id } = await engine.run({ trigger: 'manual' });
  place.write('codex-voice/src/voice.js', 'newer\n');
  const before = hashTree(place.root, apart);
  const install = (then: string) =>
    engine.changeSetting(
      'restore.install',
      JSON.stringify(['sh', '-c', `ls node_modules || mkdir node_modules${then}`]),
    );
  await install('; exit 1');
  await expect(engine.restore(id, { scope: 'code' })).rejects.toMatchObject({ code: 'restore-rolled-back' });
  expect(hashTree(place.root, apart)).toEqual(before);
  await install('');
  const { plan } = await engine.restore(id, { scope: 'code' });
  const [command] = plan.steps.find(({ step }) => step === 'rebuild')?.commands ?? [];
  expect(command?.reasons[0]).toMatch(/^its modules were made for another Node \(ABI 64, now \d+\)$/);
  expect(readdirSync(modules)).toEqual([]);
  await engine.undo();
  expect(hashTree(place.root, apart)).toEqual(before);
  await engine.close();
});

test('F90: a Codex that dies soon after its start is rolled back, and the message says how it ended', async () => {
  const place = createCodexPlace();
  const engine = engineWithCommands(place);
  await setCommands(engine, place, 'true');
  const start = ['sh', '-c', 'echo starting; sleep 1; echo no port free; exit 3'];
  await engine.changeSetting('restore.start', JSON.stringify(start));
  await engine.run({ trigger: 'manual' });
  place.remember(2);
  place.write('codex-brain/src/brain.js', 'newer\n');
  const before = hashTree(place.root, apart);
  await expect(engine.restore('latest')).rejects.toMatchObject({
    code: 'restore-rolled-back',
    message: expect.stringMatching(/ended with code 3.*no port free/),
    details: { step: 'start' },
  });
  expect(hashTree(place.root, apart)).toEqual(before);
  await engine.close();
});

test('F92: whatever step it is cancelled in, a restore leaves everything as it was', async () => {
  const place = createCodexPlace();
  const engine = engineWithCommands(place);
  place.write('codex-brain/package.json', '{"name":"codex-brain","scripts":{"build":"tsc"},"main":"dist/index.js"}');
  const record = await setCommands(engine, place, 'mkdir -p dist; echo built > dist/index.js');
  const { id } = await engine.run({ trigger: 'manual' });
  place.remember(2);
  place.write('codex-brain/src/brain.js', 'newer\n');
  place.write('codex-brain/src/new.js', 'newer\n');
  const before = hashTree(place.root, apart);
  for (const step of ['stage', 'stop', 'safety', 'swap', 'rebuild', 'start'] as const) {
    writeFileSync(record, '');
    const controller = new AbortController();
    const onProgress = ({ phase }: { readonly phase: string }): void => {
      if (phase === step) controller.abort();
    };
    const failing = engine.restore(id, { signal: controller.signal, onProgress });
    const code = step === 'stage' ? 'cancelled' : 'restore-rolled-back';
    await expect(failing, step).rejects.toMatchObject({ code, message: expect.stringMatching(/cancelled/) });
    expect(controller.signal.aborted, step).toBe(true);
    expect(hashTree(place.root, apart), step).toEqual(before);
    // Nothing ran before, so nothing is started by going back.
    expect(readFileSync(record, 'utf8').includes('stop'), step).toBe(step !== 'stage' && step !== 'stop');
    expect((await engine.restores()).map(({ state }) => state)).not.toContain('interrupted');
  }
  await engine.close();
});

test("F94, F95: commands are no shell text, and builds are not given the user's secrets", async () => {
  const place = createCodexPlace();
  const canary = join(place.base, 'canary');
  const engine = engineWithCommands(place, { MY_API_KEY: 'canary-secret-value', NODE_OPTIONS: '', npm_config_x: '1' });
  place.write('codex-brain/package.json', '{"name":"codex-brain","scripts":{"build":"tsc"},"main":"dist/index.js"}');
  const built = join(place.base, 'built.txt');
  await setCommands(engine, place, `env > '${built}'; echo "$MY_API_KEY"; mkdir -p dist`);
  await engine.changeSetting('restore.stop', JSON.stringify(['echo', `$(touch ${canary})`, `; touch ${canary}`]));
  await engine.run({ trigger: 'manual' });
  place.write('codex-brain/src/brain.js', 'newer\n');
  const report = await engine.restore('latest', { scope: 'code' });
  expect(existsSync(canary)).toBe(false);
  expect(readFileSync(built, 'utf8')).not.toMatch(/canary-secret|npm_|NODE_OPTIONS/);
  const logs = join(report.replaced ?? '', '../logs');
  for (const [path, hash] of Object.entries(hashTree(logs))) {
    expect(hash).toMatch(/^file 600/);
    expect(readFileSync(join(logs, path), 'utf8')).not.toContain('canary-secret');
  }
  await engine.close();
});

test('E76: what a snapshot would run is in the plan before it runs', async () => {
  const place = createCodexPlace();
  place.write(
    'codex-brain/package.json',
    '{"name":"codex-brain","scripts":{"build":"curl evil"},"dependencies":{"a":"1"}}',
  );
  await place.engine.run({ trigger: 'manual' });
  place.write('codex-brain/package.json', '{"name":"codex-brain"}');
  const plan = await place.engine.planRestore('latest', { scope: 'code' });
  const commands = plan.steps
    .flatMap((step) => step.commands)
    .map(({ command, folder }) => [command.join(' '), folder]);
  expect(commands).toContainEqual(['npm install', 'codex-brain']);
  expect(commands).toContainEqual(['npm run build', 'codex-brain']);
  expect(plan.code?.changes.map(({ path }) => path)).toEqual(['codex-brain/package.json']);
});
