import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { askAxe } from '../e2e/support/ask-axe.ts';
import { findChromium } from '../helpers/find-chromium.ts';
import { holdJobs } from './support/hold-jobs.ts';
import { type ServedHarness, serveHarness } from './support/serve-harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'panel-overview-'));
const popover = { width: 380, height: 600 };
const window = { width: 1100, height: 760 };
let harness: ServedHarness;
let browser: Browser;
let contexts: BrowserContext[] = [];
/** What the pages wrote to the console: a style or script that the policy forbids, or a defect. */
let complaints: string[] = [];

beforeAll(async () => {
  harness = await serveHarness(folder);
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
});

afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  contexts = [];
  complaints = [];
});

afterAll(async () => {
  await browser.close();
  await harness.close();
  rmSync(folder, { recursive: true, force: true });
});

const states = ['protected', 'running', 'attention', 'unprotected', 'failed'] as const;
const others = ['awkward', 'thousand', 'one', 'empty', 'error', 'list-error', 'chart-error', 'lost', 'closed'] as const;

const looks = [
  ['light', popover],
  ['dark', window],
] as const;

test.each([
  ...states.flatMap((scenario) => looks.map((look) => [scenario, ...look] as const)),
  ...others.map((scenario, index) => [scenario, ...(looks[index % looks.length] ?? looks[0])] as const),
])('"%s" has nothing for axe to find, in %s', async (scenario, colorScheme, viewport) => {
  const page = await openPanel({ scenario, colorScheme, viewport });
  await page.locator('h1').first().waitFor({ state: 'attached' });
  expect(await askAxe(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test.each([
  ['360 px', { width: 360, height: 640 }, false],
  ['200 % text', popover, true],
])('nothing reaches out of a window of %s', async (_name, viewport, large) => {
  const page = await openPanel({ scenario: 'awkward', viewport, large });
  await page.locator('.snap').first().waitFor();
  const outside = await page.evaluate(
    `[...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).length`,
  );
  expect(outside).toBe(0);
});

test('a thousand snapshots are a list of which a screenful is in the page, and it scrolls to the last', async () => {
  const page = await openPanel({ scenario: 'thousand', viewport: popover });
  await page.locator('.snap').first().waitFor();
  expect(await page.locator('.snap').count()).toBeLessThan(60);
  const scroller = page.locator('[data-scroll]');
  await expect
    .poll(async () => {
      await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      return page.locator('.virtual-item').last().getAttribute('aria-posinset');
    })
    .toBe(await page.locator('.virtual-item').first().getAttribute('aria-setsize'));
});

test('a backup is started, watched and cancelled with the keyboard alone', async () => {
  const page = await openPanel({ scenario: 'protected', viewport: popover, fixedTime: false });
  await holdJobs(page);
  await page.getByRole('button', { name: 'Back up now' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Backing up' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Protected' }).waitFor();
});

test('the menu of a row notes, pins and removes with the keyboard, and the list shows it', async () => {
  const page = await openPanel({ scenario: 'one', viewport: popover });
  const more = page.getByRole('button', { name: 'More for 14:31' });
  await more.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Note…' }).press('Enter');
  await page.getByRole('textbox', { name: 'Note' }).fill('<b>before the move</b>');
  await page.getByRole('button', { name: 'Save' }).press('Enter');
  await page.getByText('<b>before the move</b>', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Pin 14:31', exact: true }).press('Enter');
  await page.getByRole('button', { name: 'Unpin 14:31' }).press('Enter');
  await page.getByRole('button', { name: 'Pin 14:31', exact: true }).waitFor();
  await more.press('Enter');
  await page.getByRole('menuitem', { name: 'Remove…' }).press('Enter');
  await page.getByRole('button', { name: 'Remove' }).press('Enter');
  await page.getByText('No snapshots yet').waitFor();
  expect(complaints).toEqual([]);
});

test('arrow keys walk the chart from snapshot to snapshot, and Enter shows the row', async () => {
  const page = await openPanel({ scenario: 'protected', viewport: window });
  const chart = page.getByRole('slider', { name: /Size of the Brain/ });
  await chart.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => chart.getAttribute('aria-valuetext')).toContain('14:00');
  await page.keyboard.press('Enter');
  await page.locator('.snap-selected', { hasText: '14:00' }).waitFor();
});

interface Wish {
  readonly scenario: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  readonly large?: boolean;
  readonly fixedTime?: boolean;
}

async function openPanel({
  scenario,
  viewport,
  colorScheme = 'light',
  large = false,
  fixedTime = true,
}: Wish): Promise<Page> {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
  contexts.push(context);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  if (fixedTime) await page.clock.setFixedTime(new Date(2025, 10, 20, 14, 35, 12));
  await page.goto(`${harness.url}?scenario=${scenario}${large ? '&large' : ''}`);
  return page;
}
