import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppDriver } from '../driver/app-driver.ts';
import { describeOnHosts } from '../driver/hosts.ts';
import { type AppPlace, createAppPlace } from '../support/app-place.ts';
import { shownWindow, untilReady } from '../support/app-windows.ts';
import { remember } from '../support/stage-place.ts';

const patient = { timeout: 120_000, interval: 50 };

describeOnHosts('growth of the Brain', (host) => {
  let place: AppPlace;
  let app: AppDriver;
  beforeAll(async () => {
    place = await createAppPlace(host, { 'watch.intervalSeconds': 1, 'watch.minPauseSeconds': 0 });
    await place.engine().run({ trigger: 'manual' });
    app = await place.launch({ args: ['--hidden'] });
    await untilReady(app);
  }, 240_000);
  afterAll(() => place.dispose(), 60_000);

  test('makes a snapshot by itself, with a notification of what was saved, whose click opens it', async () => {
    remember(place, 40);
    await expect.poll(async () => (await place.engine().list()).length, patient).toBe(2);
    const [newest] = await place.engine().list();
    expect(newest).toMatchObject({ trigger: 'growth', status: 'verified' });
    await expect.poll(() => app.desktop.notifications(), patient).toHaveLength(1);
    const [notice] = await app.desktop.notifications();
    expect(notice?.title).toBe('Snapshot taken');
    expect(notice?.body).toMatch(/^Brain \+\d+ KB, 40 events\.$/);
    await app.desktop.clickNotification(0);
    const { page } = await shownWindow(app, 'main');
    expect(page.url()).toContain(`#/snapshot/${newest?.id}`);
  });

  test('F117: what follows within ten minutes is told no second time, whoever made it', async () => {
    await app.desktop.choose('pause-hour');
    await expect.poll(async () => (await app.desktop.menu()).map(({ id }) => id), patient).toContain('resume');
    await place.engine().run({ trigger: 'schedule' });
    const { page } = await shownWindow(app, 'main');
    await page.evaluate(`void (location.hash = '#/')`);
    await expect.poll(() => page.locator('.snap').count(), patient).toBe(3);
    await expect.poll(async () => (await app.desktop.menu()).map(({ id }) => id), patient).toContain('snapshot-3');
    expect(await app.desktop.notifications()).toHaveLength(1);
  });
});
