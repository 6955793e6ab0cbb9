import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { describeOnHosts } from '../driver/hosts.ts';
import { createAppPlace } from '../support/app-place.ts';
import { shownWindow, untilIconSays } from '../support/app-windows.ts';

const patient = { timeout: 120_000, interval: 50 };

describeOnHosts('the first run', (host) => {
  test('asks for the Codex folder by the dialog of the system, and is at work with the one that was chosen', {
    timeout: 240_000,
  }, async () => {
    const place = await createAppPlace(host, { root: undefined });
    onTestFinished(() => place.dispose());
    // Else it would be found where it usually is.
    const home = join(place.base, 'home');
    mkdirSync(home);
    const app = await place.launch({ args: ['--hidden'], env: { HOME: home } });
    await untilIconSays(app, /Choose your Codex folder/);
    await app.desktop.choose('open');
    const { page } = await shownWindow(app, 'main');
    const ask = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Choose…' }).click();
      await expect.poll(() => app.desktop.dialogs(), patient).toMatchObject([{ kind: 'open' }]);
    };
    await ask();
    expect(await app.desktop.dialogs()).toMatchObject([{ title: 'Choose the Codex folder' }]);
    await app.desktop.answerDialog([]);
    await ask();
    await app.desktop.answerDialog([place.root]);
    const saved = () => JSON.parse(readFileSync(join(place.home, 'settings.json'), 'utf8'));
    await expect.poll(() => saved().root, patient).toBe(place.root);
    await page.getByText(place.root).first().waitFor();
  });
});
