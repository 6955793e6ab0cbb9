import { expect, onTestFinished, test } from 'vitest';
import { describeOnHosts } from '../driver/hosts.ts';
import { createAppPlace } from '../support/app-place.ts';
import { findWindow, shownWindow, untilReady } from '../support/app-windows.ts';
import { remember } from '../support/stage-place.ts';

const timeout = 240_000;
const patient = { timeout: 120_000, interval: 50 };

describeOnHosts('desktops that lack something', (host) => {
  test('F118: where there is no place for an icon, the window opens, and so does a second start', {
    timeout,
  }, async () => {
    const place = await createAppPlace(host);
    onTestFinished(() => place.dispose());
    const app = await place.launch({ desktop: { tray: 'none' } });
    const { id, page } = await shownWindow(app, 'main');
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    expect(await app.desktop.tray()).toBeNull();
    expect(place.log()).toContain('There is no place for an icon');
    await app.desktop.closeWindow(id);
    const second = await place.launch();
    expect(await second.ended).toEqual({ code: 0, signal: null });
    await shownWindow(app, 'main');
  });

  test('F118: an icon that the system hides is said, and a start shows the window', { timeout }, async () => {
    const place = await createAppPlace(host);
    onTestFinished(() => place.dispose());
    const app = await place.launch({ desktop: { tray: 'hidden' } });
    await shownWindow(app, 'main');
    await expect.poll(() => app.desktop.notifications(), patient).toMatchObject([{ title: 'The icon is hidden' }]);
  });

  for (const [notifications, says] of [
    ['failed', 'The system shows no notifications of this app'],
    ['unsupported', 'This system has no notifications'],
  ] as const) {
    test(`F118: notifications that are ${notifications} leave it to the icon, and the settings say so`, {
      timeout,
    }, async () => {
      const place = await createAppPlace(host, { 'watch.intervalSeconds': 1, 'watch.minPauseSeconds': 0 });
      onTestFinished(() => place.dispose());
      const app = await place.launch({ args: ['--hidden'], desktop: { notifications } });
      await untilReady(app);
      remember(place, 40);
      await expect.poll(() => place.log(), patient).toContain('Tells: Snapshot taken');
      expect(await app.desktop.notifications()).toEqual([]);
      await app.desktop.choose('settings');
      const { page } = await shownWindow(app, 'main');
      await page.getByText(says).waitFor();
      expect(await findWindow(app, 'panel')).toBeUndefined();
      expect((await app.desktop.tray())?.toolTip).toContain('Codex Auto-Backup');
    });
  }
});
