import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../helpers/sample.ts';
import type { AppDriver } from '../driver/app-driver.ts';
import { describeOnHosts } from '../driver/hosts.ts';
import { type AppPlace, createAppPlace } from '../support/app-place.ts';
import { shownWindow, untilIconSays, untilReady } from '../support/app-windows.ts';

const patient = { timeout: 120_000, interval: 50 };

describeOnHosts('an engine process that is lost', (host) => {
  let place: AppPlace;
  let app: AppDriver;
  let held = '';
  const enginePid = async () => (await app.desktop.utilities())[0]?.pid ?? 0;
  const untilAnotherRuns = (before: number) =>
    waitUntil('another engine process runs', async () => ![0, before].includes(await enginePid()));
  beforeAll(async () => {
    place = await createAppPlace(host);
    held = join(place.base, 'held');
    const env = { CODEX_BACKUP_FAIL_POINT: `hold:snapshot:manifest:${held}` };
    app = await place.launch({ args: ['--hidden'], env });
    await untilReady(app);
  }, 240_000);
  afterAll(() => place.dispose(), 60_000);

  /** Has the engine begin a snapshot, and hold before it is whole. */
  async function beginSnapshot(): Promise<void> {
    await expect.poll(async () => (await app.desktop.menu()).map(({ id }) => id), patient).toContain('back-up');
    await app.desktop.choose('back-up');
    await waitUntil('the snapshot is held', () => existsSync(held));
    expect(place.leftovers()).toHaveLength(1);
  }

  for (const signal of ['SIGKILL', 'SIGSEGV'] as const) {
    test(`F97, F98: ended by ${signal} in a snapshot, it is started again, and the snapshot is reported as failed`, async () => {
      const told = (await app.desktop.notifications()).length;
      await beginSnapshot();
      const pid = await enginePid();
      process.kill(pid, signal);
      await expect.poll(async () => (await app.desktop.notifications()).length, patient).toBe(told + 1);
      const notice = (await app.desktop.notifications()).at(-1);
      expect(notice?.title).toBe('Backing up failed');
      expect(notice?.body).toContain('The engine stopped');
      rmSync(held);
      await untilAnotherRuns(pid);
      await untilReady(app);
      await expect.poll(async () => (await app.desktop.menu()).map(({ id }) => id), patient).toContain('back-up');
      expect(await place.engine().list()).toEqual([]);
    });
  }

  test('a window of before shows what the new one tells, and a snapshot succeeds and sweeps what was left', async () => {
    await app.desktop.choose('open');
    const { page } = await shownWindow(app, 'main');
    const button = page.getByRole('button', { name: 'Back up now' });
    await button.waitFor();
    const pid = await enginePid();
    process.kill(pid, 'SIGKILL');
    await untilAnotherRuns(pid);
    await waitUntil('the snapshot is held', async () => {
      // A click while the connection is lost does nothing, which is meant.
      if (!existsSync(held)) await button.click({ timeout: 1000 }).catch(() => undefined);
      return existsSync(held);
    });
    rmSync(held);
    await expect.poll(async () => (await place.engine().list()).length, patient).toBe(1);
    await expect.poll(() => place.leftovers(), patient).toEqual([]);
    await untilIconSays(app, /Codex Auto-Backup/);
    await expect.poll(() => page.locator('.snap').count(), patient).toBe(1);
  });

  test('F99: one that hangs is killed when it does not answer any more, and started again', async () => {
    await app.desktop.quit();
    await app.ended;
    app = await place.launch({ args: ['--hidden'], env: { CODEX_BACKUP_HEARTBEAT_MS: '500' } });
    await untilReady(app);
    const pid = await enginePid();
    process.kill(pid, 'SIGSTOP');
    await untilAnotherRuns(pid);
    expect(place.log()).toContain(`The engine process ${pid} hangs, and is killed`);
  });
});
