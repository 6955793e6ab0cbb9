import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createEngine, type Engine } from '../../../src/engine/index.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';
import { findProcessesIn } from '../../helpers/find-processes-in.ts';
import { findProcessesWith } from '../../helpers/find-processes-with.ts';
import { isRunning } from '../../helpers/is-running.ts';
import { isHealthy } from '../../helpers/sample.ts';
import { createRunningSample, type RunningSample } from '../../restore/running-sample.ts';
import type { AppDriver } from '../driver/app-driver.ts';
import { describeOnHosts } from '../driver/hosts.ts';
import { patiently, shownWindow, untilIconSays, untilReady } from '../support/app-windows.ts';
import { builtApp } from '../support/built-app.ts';

const timeout = 240_000;
const patient = { timeout: 120_000, interval: 100 };

describeOnHosts('restores of a Codex that runs', (host) => {
  let running: RunningSample;
  let engine: Engine;
  let source = '';
  let good = '';
  let held = '';
  beforeAll(async () => {
    running = await createRunningSample();
    const { root } = running.sample;
    const settings = { root, 'watch.intervalSeconds': 3600, 'watch.changeMinutes': 1440 };
    const home = running.env['CODEX_BACKUP_HOME'] ?? '';
    engine = createEngine({ root, home, env: running.env, logger: silentLogger });
    for (const [key, value] of Object.entries(settings)) await engine.changeSetting(key, JSON.stringify(value));
    source = join(root, 'codex-bridge/src/index.js');
    good = readFileSync(source, 'utf8');
    held = join(running.place.folder, 'held');
    await engine.run({ trigger: 'manual' });
  }, timeout);
  afterAll(async () => {
    await engine.close();
    await running.dispose();
  }, 60_000);

  /** The processes of the app; services that it has started belong to Codex. */
  function ownProcesses(): readonly number[] {
    const services = new Set(findProcessesIn(running.sample.root));
    const all = findProcessesWith(`CODEX_BACKUP_HOME=${running.env['CODEX_BACKUP_HOME']}`);
    return all.filter((pid) => !services.has(pid));
  }

  async function launch(point = ''): Promise<AppDriver> {
    const env = point === '' ? running.env : { ...running.env, CODEX_BACKUP_FAIL_POINT: `hold:${point}:${held}` };
    const app = await host.launch({ main: builtApp(), args: ['--hidden'], env });
    onTestFinished(async () => {
      rmSync(held, { force: true });
      await app.dispose();
      await patiently('nothing of the app runs any more', () => ownProcesses().length === 0);
    });
    await untilReady(app);
    return app;
  }

  /** Changes the code of a service, and asks from the menu for what is in the only snapshot before. */
  async function restoreOldest(app: AppDriver, made: string) {
    writeFileSync(source, `${good}\n// ${made}\n`);
    const snapshots = await engine.list();
    const oldest = snapshots.at(-1);
    const shown = await host.launch({
      main: builtApp(),
      args: ['--restore', oldest?.id ?? ''],
      env: running.env,
    });
    await shown.ended;
    const { page } = await shownWindow(app, 'main');
    page.setDefaultTimeout(patient.timeout);
    await page.getByRole('heading', { name: 'What should come back?' }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'This is what would happen' }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: /^Restore to / }).click();
    return page;
  }

  test('from the panel: the machine is kept awake, quit waits for the end, and Codex runs again', {
    timeout,
  }, async () => {
    const app = await launch('restore:committed');
    await restoreOldest(app, 'newer');
    await patiently('the restore is held', () => existsSync(held));
    expect(await app.desktop.keptAwake()).toBe(1);
    await untilIconSays(app, /Restor/);

    // F93: neither the user nor the system can end it now.
    await app.desktop.choose('quit');
    await expect.poll(() => app.desktop.dialogs(), patient).toMatchObject([{ message: 'A restore is running.' }]);
    expect(await app.desktop.power('shutdown')).toBe(false);
    expect(isRunning(app.child.pid ?? 0)).toBe(true);
    expect(await app.desktop.keptAwake()).toBe(1);
    rmSync(held);
    expect(await app.ended).toEqual({ code: 0, signal: null });

    expect(readFileSync(source, 'utf8')).toBe(good);
    expect(await engine.restores()).toMatchObject([{ state: 'restored' }]);
    expect((await engine.list()).map(({ trigger }) => trigger)).toContain('pre-restore');
    for (const port of [running.sample.ports.brain, running.sample.ports.bridge]) {
      await expect.poll(() => isHealthy(port), patient).toBe(true);
    }
  });

  test('F100: killed in one, nobody is left but the services of Codex; the next start rolls back, and says so', {
    timeout,
  }, async () => {
    // Once while Codex runs still, and once half-way through its files.
    for (const [point, made] of [
      ['restore:stage:done', 'newest'],
      ['change:2:after', 'newest of all'],
    ] as const) {
      const app = await launch(point);
      await expect.poll(async () => (await engine.restores()).map(({ state }) => state), patient).toEqual(['restored']);
      await restoreOldest(app, made);
      await patiently('the restore is held', () => existsSync(held));
      const services = findProcessesIn(running.sample.root);
      if (point === 'restore:stage:done') expect(services.length).toBeGreaterThan(2);
      app.child.kill('SIGKILL');
      await app.ended;
      await expect.poll(ownProcesses, patient).toEqual([]);
      expect(services.filter(isRunning)).toEqual(services);
      rmSync(held);
      // The system may take a moment more to free the locks of what was killed.
      await expect.poll(async () => (await engine.restores())[0]?.state, patient).toBe('interrupted');
    }
    const next = await launch();
    await expect.poll(async () => (await engine.restores())[0]?.state, patient).toBe('rolled-back');
    await expect
      .poll(() => next.desktop.notifications(), patient)
      .toMatchObject([{ title: 'A restore had been interrupted', body: expect.stringContaining('was rolled back') }]);
    expect(readFileSync(source, 'utf8')).toBe(`${good}\n// newest of all\n`);
    await expect.poll(() => isHealthy(running.sample.ports.brain), patient).toBe(true);
    await expect.poll(() => next.desktop.keptAwake(), patient).toBe(0);
    await next.desktop.clickNotification(0);
    const { page } = await shownWindow(next, 'main');
    expect(page.url()).toContain('#/activity');
  });
});
