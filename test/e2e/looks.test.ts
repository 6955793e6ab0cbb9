import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { waitUntil } from '../helpers/sample.ts';
import { askAxe } from './support/ask-axe.ts';
import { describeInBrowser } from './support/browser.ts';
import { useStage } from './support/stage.ts';

const timeout = 300_000;

/** Every view by its address, with what is there once it has loaded. */
const views = (id: string) =>
  [
    ['#/', '.snap'],
    ['#/activity', '.virtual-item'],
    ['#/clean-up', '.rules'],
    ['#/settings', '.setting'],
    [`#/snapshot/${id}/contents?path=package.json`, '.lines'],
    [`#/snapshot/${id}/contents?path=package.json&against=now`, '.pane-body'],
    [`#/snapshot/${id}/brain`, '.memory'],
    [`#/snapshot/${id}/changes`, 'h1'],
    [`#/snapshot/${id}/checks`, '.check'],
    [`#/restore/${id}`, '.what'],
    ['#/undo', 'h1'],
    ['#/first-run', '.first-questions .head'],
    ['#/nowhere', 'h1'],
  ] as const;

/** Runs in the page: what reaches out of the window, or is cut where no one can scroll to it and no title tells it. */
const findCut = `(() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX);
  const isInScroller = (element) => {
    for (let one = element.parentElement; one !== null; one = one.parentElement) if (scrolls(one)) return true;
    return false;
  };
  const outside = [...document.querySelectorAll('body *')].filter((element) => {
    const { right, left, width: own } = element.getBoundingClientRect();
    return own > 0 && (right > width + 1 || left < -1) && !isInScroller(element) && !element.closest('.unseen');
  });
  const cut = [...document.querySelectorAll('button, h1, h2, .button')].filter((element) =>
    element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible'
      && element.closest('[title], .cut') === null && !element.classList.contains('unseen'));
  const sideways = document.documentElement.scrollWidth > width ? ['the page scrolls sideways'] : [];
  return [...sideways, ...outside.map((one) => 'outside: ' + one.outerHTML.slice(0, 140)),
    ...cut.map((one) => 'cut: ' + one.outerHTML.slice(0, 140))];
})()`;

describeInBrowser('every view', (browser) => {
  const stage = useStage(browser, async ({ engine }) => {
    const own = engine();
    for (let count = 0; count < 2; count += 1) await own.run({ trigger: 'manual' });
  });

  test.each([
    ['light', { width: 1100, height: 760 }],
    ['dark', { width: 380, height: 600 }],
  ] as const)('has nothing for axe to find, %s', { timeout }, async (colorScheme, viewport) => {
    const { place, open } = stage();
    const [snapshot] = await place.engine().list();
    const { page, go } = await open({ context: { colorScheme, viewport, reducedMotion: 'reduce' } });
    const found: string[] = [];
    for (const [hash, there] of views(snapshot?.id ?? '')) {
      await go(hash);
      await page.locator(there).first().waitFor();
      found.push(...(await askAxe(page)).map((text) => `${hash}: ${text}`));
    }
    expect(found).toEqual([]);
  });

  test('fits into 360 px, and into a popover with 200 % text', { timeout }, async () => {
    const { place, open } = stage();
    const [snapshot] = await place.engine().list();
    const { page, go } = await open({ context: { viewport: { width: 360, height: 640 }, reducedMotion: 'reduce' } });
    const found: string[] = [];
    for (const [hash, there] of views(snapshot?.id ?? '')) {
      await go(hash);
      await page.locator(there).first().waitFor();
      for (const [size, width] of [
        ['100%', 360],
        ['200%', 380],
      ] as const) {
        await page.setViewportSize({ width, height: 640 });
        await page.evaluate(`document.documentElement.style.fontSize = '${size}'`);
        await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
        const cut: string[] = await page.evaluate(findCut);
        found.push(...cut.slice(0, 3).map((text) => `${hash} at ${size}: ${text}`));
      }
      await page.evaluate(`document.documentElement.style.fontSize = ''`);
    }
    expect(found).toEqual([]);
  });

  test('keeps each snapshot in one line, whatever room there is', { timeout }, async () => {
    const { open } = stage();
    const { page } = await open();
    await page.locator('.snap').first().waitFor();
    const heights: number[] = [];
    const words: boolean[] = [];
    for (const width of [1000, 1100, 1300, 1728, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
      const height: number = await page.evaluate(`document.querySelector('.snap').clientHeight`);
      heights.push(height);
      words.push(await page.locator('.snap-status-word').first().isVisible());
      const middles: number[] = await page.evaluate(`[...document.querySelector('.snap-status').children]
        .map((child) => child.getBoundingClientRect()).filter(({ height }) => height > 0)
        .map(({ top, height }) => top + height / 2)`);
      expect(Math.max(...middles) - Math.min(...middles), `the mark and its word at ${width} px`).toBeLessThan(4);
    }
    expect(new Set(heights).size).toBe(1);
    expect(words).toContain(true);
    expect(words).toContain(false);
  });

  test('stands still for those who want less motion, also while a snapshot is taken', { timeout }, async () => {
    const { place, open } = stage();
    const held = join(place.base, 'held');
    const { page } = await open({
      env: { CODEX_BACKUP_FAIL_POINT: `hold:check:begin:${held}` },
      context: { reducedMotion: 'reduce' },
    });
    await page.getByRole('button', { name: 'Back up now' }).click();
    await page.getByRole('heading', { name: 'Backing up' }).waitFor();
    await waitUntil('the check is held', () => existsSync(held));
    const moving = await page.evaluate(`document.getAnimations()
      .filter((one) => one.playState === 'running' && Number(one.effect.getComputedTiming().activeDuration) > 10)
      .map((one) => one.animationName ?? one.transitionProperty)`);
    rmSync(held);
    expect(moving).toEqual([]);
    await page.getByRole('button', { name: 'Back up now' }).waitFor();
  });
});
