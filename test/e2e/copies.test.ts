import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askAxe } from './support/ask-axe.ts';
import { describeInBrowser } from './support/browser.ts';
import { useStage } from './support/stage.ts';

const timeout = 120_000;
const patient = { timeout: 30_000, interval: 50 };

describeInBrowser('copies', (browser) => {
  const stage = useStage(browser, async ({ engine }) => {
    await engine().run({ trigger: 'manual' });
  });

  test('a copy is added, tried, brought up to date, and its newest snapshot brought back', { timeout }, async () => {
    const { place, open } = stage();
    const { page, go } = await open({ hash: '#/settings' });
    await page.getByRole('button', { name: 'Add a folder…' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Choose/ })
      .click();
    await page.getByRole('button', { name: 'Test disk' }).click();
    await page.getByText('The copy disk works.').first().waitFor();
    const disk = join(place.base, 'codex-copy');
    expect(readdirSync(disk)).toEqual(['.codex-backup-copy.json']);

    await go('#/');
    const card = page.getByRole('list', { name: 'Copies elsewhere' }).getByRole('listitem');
    await card.getByText(/^Behind/).waitFor();
    await page.getByRole('button', { name: 'Copy now disk' }).click();
    await card.getByText(/^In step/).waitFor();
    await card.getByText('Its disk is safe to remove.').waitFor();
    const stored = place.engine();
    expect(await stored.listCopy('disk')).toHaveLength(1);
    expect(await askAxe(page)).toEqual([]);

    await page.getByRole('button', { name: 'Restore from it… disk' }).click();
    await card.getByRole('link', { name: 'Restore it…' }).click();
    await expect.poll(() => page.url(), patient).toContain('#/restore/codex-backup-');
  });

  test('a disk that is not there says so, and is not filled', { timeout }, async () => {
    const { place, open } = stage();
    const path = join(place.base, 'mount-point');
    mkdirSync(path);
    await place.engine().changeSetting('copies', JSON.stringify([{ name: 'disk', kind: 'folder', path }]));
    const { page } = await open();
    const card = page.getByRole('list', { name: 'Copies elsewhere' }).getByRole('listitem');
    await card.getByText(/^Not there/).waitFor();
    await expect.poll(() => card.getByText(/never set up/).count(), patient).toBe(1);
    expect(readdirSync(path)).toEqual([]);
  });
});
