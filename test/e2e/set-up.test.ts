import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askAxe } from './support/ask-axe.ts';
import { describeInBrowser } from './support/browser.ts';
import { useStage } from './support/stage.ts';

const timeout = 150_000;
const patient = { timeout: 60_000, interval: 50 };

describeInBrowser('clean up and settings', (browser) => {
  const stage = useStage(browser, async ({ engine, root }) => {
    const own = engine();
    for (const text of ['one', 'two', 'three']) {
      writeFileSync(join(root, 'codex-voice/prompts/evening.md'), text);
      await own.run({ trigger: 'manual' });
    }
  });

  test('rules are tried before they hold; then just what was shown goes, and the rules are kept', {
    timeout,
  }, async () => {
    const { place, open } = stage();
    const stored = place.engine();
    const before = await stored.list();
    const { page } = await open({ hash: '#/clean-up' });
    const last = page.getByRole('textbox', { name: /^The last/ });
    await last.fill('nonsense');
    await page.getByText('A number, or nothing for no such rule.').waitFor();
    await last.fill('1');
    const button = page.getByRole('button', { name: /^Clean up 2 snapshots/ });
    await button.click();
    expect(await stored.list()).toHaveLength(3);
    expect(await askAxe(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Clean up 2 snapshots' }).click();
    await page.getByText('2 snapshots gone').waitFor();
    expect((await stored.list()).map(({ id }) => id)).toEqual([before[0]?.id]);
    expect(JSON.parse(readFileSync(join(place.home, 'settings.json'), 'utf8'))).toMatchObject({
      retention: { keepLast: 1 },
    });
  });

  test('a setting that is wrong is said while it is typed and not saved; a right one is in settings.json', {
    timeout,
  }, async () => {
    const { place, open } = stage();
    const file = join(place.home, 'settings.json');
    const before = readFileSync(file, 'utf8');
    const { page } = await open({ hash: '#/settings' });
    const field = page.getByRole('textbox', { name: /Look at the Brain every/ });
    await field.fill('0');
    await expect.poll(() => field.getAttribute('aria-invalid'), patient).toBe('true');
    expect(await page.locator('.field-row-error', { hasText: /\S/ }).allInnerTexts()).toEqual([
      'From 1 to 3,600 seconds.',
    ]);
    await field.press('Enter');
    expect(readFileSync(file, 'utf8')).toBe(before);
    await field.fill('25');
    await field.press('Enter');
    await expect
      .poll(() => JSON.parse(readFileSync(file, 'utf8')), patient)
      .toMatchObject({ watch: { intervalSeconds: 25 } });
    const pattern = page.getByRole('textbox', { name: /Another pattern/ });
    await pattern.fill('*.scratch');
    await pattern.press('Enter');
    await expect.poll(() => JSON.parse(readFileSync(file, 'utf8')).exclude, patient).toContain('*.scratch');
  });
});

describeInBrowser('first run', (browser) => {
  const stage = useStage(browser, async () => undefined);

  test('the folder is chosen from the list of folders, checked, and the first snapshot is taken', {
    timeout,
  }, async () => {
    const { place, open } = stage();
    const home = join(place.base, 'another-app-home');
    mkdirSync(home);
    const { page } = await open({ parameters: [], env: { CODEX_BACKUP_HOME: home, HOME: home } });
    await page.getByRole('heading', { name: 'Protect your Codex' }).waitFor();
    await page.getByRole('button', { name: 'Choose…' }).click();
    await page.getByRole('button', { name: 'Up one folder' }).click();
    expect(await askAxe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Codex Codex' }).click();
    await page.getByRole('button', { name: 'Choose “Codex”' }).click();
    await page.getByRole('button', { name: 'Start protecting' }).click();
    await expect.poll(async () => (await place.engine().list()).length, patient).toBe(1);
    await page.getByRole('button', { name: 'Back up now' }).waitFor();
    expect(await place.engine().list()).toMatchObject([{ trigger: 'manual', status: 'verified' }]);
    expect(JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8'))).toMatchObject({ root: place.root });
  });

  test('a sample is made on a click: it runs, its Brain grows, and nothing of it is left when the panel ends', {
    timeout: 300_000,
  }, async () => {
    const { place, open } = stage();
    const home = join(place.base, 'another-app-home');
    mkdirSync(home);
    const nowhere = { CODEX_BACKUP_HOME: home, HOME: home };
    const { page, panel, complaints } = await open({ parameters: [], env: nowhere });
    // Its services start, and Codex backs itself up as it boots.
    page.setDefaultTimeout(120_000);
    await page.getByRole('button', { name: 'Make a sample' }).click();
    await page.getByRole('button', { name: 'Start protecting' }).and(page.locator(':enabled')).waitFor();
    const [, root = ''] = /The sample in (\S+) runs/.exec(panel.written()) ?? [];
    expect(existsSync(root)).toBe(true);
    await page.getByRole('button', { name: 'Start protecting' }).click();
    await page.getByRole('button', { name: 'Back up now' }).waitFor();
    expect(await panel.end()).toBe(0);
    await page.getByText('Codex Auto-Backup was ended').waitFor();
    // A request that was under way as the panel ended is no defect.
    complaints.length = 0;
    expect(existsSync(root)).toBe(false);
  });
});
