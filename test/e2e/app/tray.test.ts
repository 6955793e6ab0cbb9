import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppDriver } from '../driver/app-driver.ts';
import { describeOnHosts } from '../driver/hosts.ts';
import { type AppPlace, createAppPlace } from '../support/app-place.ts';
import { findWindow, shownWindow, untilReady } from '../support/app-windows.ts';
import { remember } from '../support/stage-place.ts';

const patient = { timeout: 120_000, interval: 50 };

describeOnHosts('the icon and its menu', (host) => {
  let place: AppPlace;
  let app: AppDriver;
  beforeAll(async () => {
    place = await createAppPlace(host);
    // Without any the watcher would take one by itself, a minute after its first look.
    await place.engine().run({ trigger: 'manual' });
    app = await place.launch({ args: ['--hidden'] });
    await untilReady(app);
  }, 240_000);
  afterAll(() => place.dispose(), 60_000);

  test('a hidden start shows an icon and no window', async () => {
    expect(await app.desktop.tray()).not.toBeNull();
    expect((await app.desktop.windows()).filter(({ isVisible }) => isVisible)).toEqual([]);
  });

  test('"Back up now" makes a snapshot that another engine lists, and that the menu then offers to restore', async () => {
    const stored = place.engine();
    expect(await stored.list()).toHaveLength(1);
    await app.desktop.choose('back-up');
    await expect.poll(async () => (await stored.list()).length, patient).toBe(2);
    const [snapshot] = await stored.list();
    expect(snapshot).toMatchObject({ trigger: 'manual', status: 'verified' });
    await expect.poll(async () => (await app.desktop.menu()).map(({ id }) => id), patient).toContain('snapshot-2');
    const images = (await app.desktop.tray())?.images ?? [];
    expect(images.some((image) => /running-\d/.test(image))).toBe(true);
  });

  test('a click on the icon shows the panel under it, another click hides it, and it is kept', async () => {
    await app.desktop.clickTray();
    const { id, page } = await shownWindow(app, 'panel');
    await page.getByRole('button', { name: 'Back up now' }).waitFor();
    const { bounds } = (await findWindow(app, 'panel')) ?? {};
    expect(bounds).toMatchObject({ width: 380 });
    await app.desktop.clickTray();
    expect((await findWindow(app, 'panel'))?.isVisible).toBe(false);
    await expect
      .poll(async () => {
        await app.desktop.clickTray();
        return (await findWindow(app, 'panel'))?.isVisible;
      }, patient)
      .toBe(true);
    expect((await findWindow(app, 'panel'))?.id).toBe(id);
    await app.desktop.blur(id);
    expect((await findWindow(app, 'panel'))?.isVisible).toBe(false);
  });

  test('"Restore…" of a snapshot shows what restoring it would do, in the window', async () => {
    const [snapshot] = await place.engine().list();
    const [first] = (await app.desktop.menu()).filter(({ id }) => id === 'snapshot-1');
    const restore = first?.items.find(({ label }) => label.startsWith('Restore'));
    await app.desktop.choose(restore?.id ?? '');
    const { page } = await shownWindow(app, 'main');
    await page.getByRole('heading', { name: 'What should come back?' }).waitFor();
    expect(page.url()).toContain(`#/restore/${snapshot?.id}`);
  });

  test('"Show in folder" shows the folder of the snapshot, which main has by its id', async () => {
    const [snapshot] = await place.engine().list();
    const [first] = (await app.desktop.menu()).filter(({ id }) => id === 'snapshot-1');
    const show = first?.items.find(({ label }) => label.startsWith('Show'));
    await app.desktop.choose(show?.id ?? '');
    await expect.poll(() => app.desktop.opened(), patient).toEqual([snapshot?.path]);
  });

  test('watching is paused for an hour, and goes on', async () => {
    await app.desktop.choose('pause-hour');
    await expect.poll(async () => (await app.desktop.menu()).map(({ id }) => id), patient).toContain('resume');
    await app.desktop.choose('resume');
    await expect.poll(async () => (await app.desktop.menu()).map(({ id }) => id), patient).toContain('pause-hour');
  });

  test('F120: after sleep, what is due is looked up at once', async () => {
    const before = (await place.engine().list()).length;
    expect(await app.desktop.power('suspend')).toBe(true);
    remember(place, 40);
    expect(await app.desktop.power('resume')).toBe(true);
    await expect.poll(async () => (await place.engine().list()).length, patient).toBe(before + 1);
    expect((await place.engine().list())[0]).toMatchObject({ trigger: 'growth' });
  });

  test('quit ends every process of the app, and says so in the log', async () => {
    await app.desktop.choose('quit');
    expect(await app.ended).toEqual({ code: 0, signal: null });
    await expect.poll(() => place.processes(), patient).toEqual([]);
    expect(place.log()).toContain('The app ends.');
    expect(place.leftovers()).toEqual([]);
  });
});
