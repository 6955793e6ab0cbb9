import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppDriver } from '../driver/app-driver.ts';
import { describeOnHosts } from '../driver/hosts.ts';
import { type AppPlace, createAppPlace } from '../support/app-place.ts';
import { patiently, shownWindow, untilIconSays, untilReady } from '../support/app-windows.ts';

const patient = { timeout: 120_000, interval: 50 };

describeOnHosts('an engine process that is lost', (host) => {
  let place: AppPlace;
  let app: AppDriver;
  let held = '';
  let first = '';
  const stored = async () => (await place.engine().list()).map(({ id }) => id);
  beforeAll(async () => {
    place = await createAppPlace(host);
    // Without any the watcher would take one by itself, a minute after its first look.
    first = (await place.engine().run({ trigger: 'manual' })).id;
    held = join(place.base, 'held');
    const env = { CODEX_BACKUP_FAIL_POINT: `hold:snapshot:manifest:${held}` };
    app = await place.launch({ args: ['--hidden'], env });
    await untilReady(app);
  }, 240_000);
  afterAll(() => place.dispose(), 60_000);

  /** The process of an engine, other than the one before. */
  async function runningEngine(before?: number): Promise<number> {
    let pid: number | undefined;
    await patiently('an engine process runs', async () => {
      pid = (await app.desktop.utilities())[0]?.pid;
      return pid !== undefined && pid !== before;
    });
    // To none at all, a signal would go to the tests themselves.
    if (pid === undefined) throw new Error('an engine process runs');
    return pid;
  }

  /** Has the engine begin a snapshot, and hold before it is whole. */
  async function beginSnapshot(): Promise<void> {
    await expect.poll(async () => (await app.desktop.menu()).map(({ id }) => id), patient).toContain('back-up');
    await app.desktop.choose('back-up');
    await patiently('the snapshot is held', () => existsSync(held));
    expect(place.leftovers()).toHaveLength(1);
  }

  for (const signal of ['SIGKILL', 'SIGSEGV'] as const) {
    test(`F97, F98: ended by ${signal} in a snapshot, it is started again, and the snapshot is reported as failed`, async () => {
      const told = (await app.desktop.notifications()).length;
      await beginSnapshot();
      const pid = await runningEngine();
      process.kill(pid, signal);
      await expect.poll(async () => (await app.desktop.notifications()).length, patient).toBe(told + 1);
      const notice = (await app.desktop.notifications()).at(-1);
      expect(notice?.title).toBe('Backing up failed');
      expect(notice?.body).toContain('The engine stopped');
      rmSync(held);
      await runningEngine(pid);
      await untilReady(app);
      await expect.poll(async () => (await app.desktop.menu()).map(({ id }) => id), patient).toContain('back-up');
      expect(await stored()).toEqual([first]);
    });
  }

  test('a window of before shows what the new one tells, and a snapshot succeeds and sweeps what was left', async () => {
    await app.desktop.choose('open');
    const { page } = await shownWindow(app, 'main');
    const button = page.getByRole('button', { name: 'Back up now' });
    await button.waitFor();
    const pid = await runningEngine();
    process.kill(pid, 'SIGKILL');
    await runningEngine(pid);
    await patiently('the snapshot is held', async () => {
      // A click while the connection is lost does nothing, which is meant.
      if (!existsSync(held)) await button.click({ timeout: 1000 }).catch(() => undefined);
      return existsSync(held);
    });
    rmSync(held);
    await expect.poll(async () => (await stored()).length, patient).toBe(2);
    await expect.poll(() => place.leftovers(), patient).toEqual([]);
    await untilIconSays(app, /Codex Auto-Backup/);
    await expect.poll(() => page.locator('.snap').count(), patient).toBe(2);
  });

  test('F99: one that hangs is killed when it does not answer any more, and started again', async () => {
    await app.desktop.quit();
    await app.ended;
    // Slow enough for an engine that only waits for a processor.
    app = await place.launch({ args: ['--hidden'], env: { CODEX_BACKUP_HEARTBEAT_MS: '2000' } });
    await untilReady(app);
    const pid = await runningEngine();
    process.kill(pid, 'SIGSTOP');
    await runningEngine(pid);
    expect(place.log()).toContain(`The engine process ${pid} hangs, and is killed`);
  });
});
