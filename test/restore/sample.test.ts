import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hashTree } from '../helpers/hash-tree.ts';
import { isHealthy } from '../helpers/sample.ts';
import { createRunningSample, type RunningSample } from './running-sample.ts';

const timeout = 300_000;

/** What running services write, and what the product itself writes. */
const apart = ['logs', 'backups'];

async function createSample(): Promise<RunningSample> {
  const running = await createRunningSample();
  onTestFinished(running.dispose);
  return running;
}

function breakSource({ sample }: RunningSample): void {
  writeFileSync(join(sample.root, 'codex-bridge/src/index.js'), 'this is no JavaScript (\n');
  rmSync(join(sample.root, 'codex-hands'), { recursive: true });
}

const sampleServices = ['brain', 'bridge', 'desktop', 'hands', 'orchestrator', 'scheduler', 'voice'];

test('everything of a running Codex comes back by the plan of the dry run, it runs again, and undo brings the newer state back exactly', {
  timeout,
}, async () => {
  const running = await createSample();
  const { sample, run } = running;
  await running.post(5);
  expect((await run('run')).code).toBe(0);
  const atSnapshot = running.events();
  await running.post(9);
  breakSource(running);
  const newer = hashTree(sample.root, apart);

  const restore = ['restore', 'latest', '--only', 'all', '--json'];
  const dry = JSON.parse((await run(...restore, '--dry-run')).out);
  const { code, err, out } = await run(...restore, '--yes');
  expect(code, err + out).toBe(0);
  const { restore: report } = JSON.parse(out);
  expectCarriedOut(dry.plan, report);
  expect(report.health.map(({ service }: { service: string }) => service).sort()).toEqual(sampleServices);
  expect(running.events()).toBe(atSnapshot);
  expect(existsSync(join(sample.root, 'codex-hands/src/index.js'))).toBe(true);
  for (const port of [sample.ports.brain, sample.ports.bridge, sample.ports.hands])
    expect(await isHealthy(port)).toBe(true);

  const undone = await run('undo', '--yes');
  // The Codex of before lacks a service, so it does not start; it is back all the same.
  expect(undone.code, undone.err).toBe(3);
  expect(undone.out).toContain('hands is not healthy');
  await sample.stop();
  expect(hashTree(sample.root, apart)).toEqual(newer);
});

test('F85: a build that fails rolls back: exit code 6, everything as before, Codex runs, and the message says why', {
  timeout,
}, async () => {
  const running = await createSample();
  const { sample, run } = running;
  const source = join(sample.root, 'codex-brain/src/brain.js');
  const good = readFileSync(source, 'utf8');
  writeFileSync(source, 'export const broken = ;\n');
  expect((await run('run')).code).toBe(0);
  writeFileSync(source, good);
  await running.post(4);
  await sample.stop();
  const before = hashTree(sample.root, apart);
  await sample.start();

  const { code, err } = await run('restore', 'latest', '--yes');
  expect(code, err).toBe(6);
  expect(err).toContain('at the step "rebuild"');
  expect(err).toContain('SyntaxError');
  expect(err).toMatch(/log is \S+codex-brain-build\.log/);
  const log = /log is (\S+\.log)/.exec(err)?.[1] ?? '';
  expect(readFileSync(log, 'utf8')).toContain('SyntaxError');
  expect(await isHealthy(sample.ports.brain)).toBe(true);
  await sample.stop();
  expect(hashTree(sample.root, apart)).toEqual(before);
});

/** The run had the plan that the dry run printed, and its journal tells just those steps. */
function expectCarriedOut(plan: DryPlan, restore: { readonly plan: DryPlan; readonly replaced: string }): void {
  expect({ ...restore.plan, space: null }).toEqual({ ...plan, space: null });
  const journal = readFileSync(join(restore.replaced, '../journal.jsonl'), 'utf8').trimEnd().split('\n');
  const done = journal
    .map((line) => JSON.parse(line).record)
    .filter(({ kind, state }) => kind === 'step' && state === 'done')
    .map(({ step }) => step);
  expect(done).toEqual(plan.steps.map(({ step }) => step));
  expect(plan.steps.flatMap(({ commands }) => commands).length).toBeGreaterThan(3);
}

interface DryPlan {
  readonly steps: readonly { readonly step: string; readonly commands: readonly unknown[] }[];
}
