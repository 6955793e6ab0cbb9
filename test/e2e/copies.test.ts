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
    await engine().run({ trigger: 'manual' });
  });

  test('a copy is added, tried, brought up to date daily, and an older snapshot brought back', {
    timeout,
  }, async () => {
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
    await page.getByLabel('When disk is brought up to date').selectOption('Daily');
    await expect.poll(async () => (await place.engine().copies())[0]?.schedule, patient).toBe('daily');

    await go('#/');
    const card = page.getByRole('list', { name: 'Copies elsewhere' }).getByRole('listitem');
    await card.getByText(/^Behind/).waitFor();
    await page.getByRole('button', { name: 'Copy now disk' }).click();
    await card.getByText(/^In step/).waitFor();
    await card.getByText('Its disk is safe to remove.').waitFor();
    const stored = place.engine();
    const held = await stored.listCopy('disk');
    expect(held).toHaveLength(2);
    expect(await askAxe(page)).toEqual([]);

    await page.getByRole('button', { name: 'Restore from it… disk' }).click();
    const rows = page.getByRole('list', { name: 'Snapshots in disk' }).getByRole('button');
    await expect.poll(() => rows.count(), patient).toBe(2);
    expect(await askAxe(page)).toEqual([]);
    await rows.nth(1).click();
    await card.getByRole('link', { name: 'Restore it…' }).click();
    await expect.poll(() => page.url(), patient).toContain(`#/restore/${held[1]?.id}`);
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
