import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { isHealthy } from '../helpers/sample.ts';
import { describeInBrowser } from './support/browser.ts';
import { useStage } from './support/stage.ts';

const patient = { timeout: 60_000, interval: 50 };
const mostStops = 120;

describeInBrowser('the keyboard alone', (browser) => {
  const stage = useStage(browser, async () => undefined);

  test('takes a snapshot and brings its Brain back', { timeout: 240_000 }, async () => {
    const { place, open } = stage();
    const { page } = await open();
    // A whole restore, with services that end and start.
    page.setDefaultTimeout(120_000);
    const stored = place.engine();
    await page.getByRole('button', { name: 'Back up now' }).waitFor();
    await tabTo(page, /^Back up now$/);
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await stored.list()).length, patient).toBeGreaterThan(0);
    await page
      .getByRole('link', { name: /^Restore / })
      .first()
      .waitFor();
    const brain = new Database(place.info.brain);
    const count = () => Number(brain.prepare('SELECT count(*) FROM events').pluck().get());
    const before = count();
    brain.exec("INSERT INTO events (sessionId, kind, json, createdAt) VALUES ('s', 'k', '{}', '2026-01-01T00:00:00Z')");
    brain.close();

    await tabTo(page, /^Restore \d.*…$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'What should come back?' }).waitFor();
    await tabTo(page, /^Brain and code/);
    await page.keyboard.press('ArrowDown');
    await tabTo(page, /^Continue$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'This is what would happen' }).waitFor();
    await page.getByRole('button', { name: 'Continue', disabled: false }).waitFor();
    await tabTo(page, /^Continue$/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Restore to / }).waitFor();
    // With its day, where midnight has passed since.
    await tabTo(page, /^Restore to (\w{3} )?\d\d:\d\d$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^The Brain is back to / }).waitFor();
    expect(await isHealthy(place.info.ports.brain)).toBe(true);

    const after = new Database(place.info.brain, { readonly: true });
    expect(Number(after.prepare('SELECT count(*) FROM events').pluck().get())).toBe(before);
    after.close();
    expect(await stored.restores()).toMatchObject([{ state: 'restored' }]);
  });
});

/** Goes on with the Tab key until what has this name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let stop = 0; stop < mostStops; stop += 1) {
    const focused = String(await page.evaluate(nameOfFocused));
    if (name.test(focused)) return;
    seen.push(focused);
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key never came to ${name}: ${[...new Set(seen)].join(' | ')}`);
}

/** Runs in the page. */
const nameOfFocused = `(() => {
  const element = document.activeElement;
  return (element?.getAttribute('aria-label') ?? element?.closest('label')?.innerText ?? element?.innerText ?? '').trim();
})()`;
