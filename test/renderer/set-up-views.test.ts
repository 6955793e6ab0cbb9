import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { askAxe } from '../e2e/support/ask-axe.ts';
import { findChromium } from '../helpers/find-chromium.ts';
import { holdJobs, letJobsGo } from './support/hold-jobs.ts';
import { type ServedHarness, serveHarness } from './support/serve-harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'panel-set-up-'));
const popover = { width: 380, height: 600 };
const wide = { width: 1100, height: 760 };
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

test.each([
  ['protected', '/clean-up', 'light', popover],
  ['attention', '/clean-up', 'dark', wide],
  ['list-error', '/clean-up', 'light', wide],
  ['empty', '/clean-up', 'dark', popover],
  ['awkward', '/settings', 'light', wide],
  ['low-space', '/settings', 'dark', popover],
  ['settings-error', '/settings', 'light', popover],
  ['awkward', '/activity', 'dark', popover],
  ['activity-error', '/activity', 'light', wide],
  ['empty', '/activity', 'dark', wide],
  ['first-run', '/first-run', 'light', wide],
  ['first-run', '/first-run', 'dark', popover],
] as const)('axe finds nothing in "%s" at %s, in %s', async (scenario, path, colorScheme, viewport) => {
  const page = await openPanel({ scenario, path, colorScheme, viewport });
  await page.locator('h1').first().waitFor();
  await page.locator('.loading').waitFor({ state: 'detached' });
  expect(await askAxe(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test.each(['/clean-up', '/settings', '/activity', '/first-run'])(
  'nothing reaches out of 360 px at %s, with text of 200 percent either',
  async (path) => {
    for (const large of [false, true]) {
      const scenario = path === '/first-run' ? 'first-run' : 'awkward';
      const page = await openPanel({ scenario, path, viewport: { width: 360, height: 640 }, large });
      await page.locator('h1').first().waitFor();
      await page.locator('.loading').waitFor({ state: 'detached' });
      const outside = await page.evaluate(
        `[...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 99))`,
      );
      expect(outside).toEqual([]);
    }
  },
);

test('the plan follows the rules as they are typed; a wrong one is told beside its field, and nothing can go', async () => {
  const page = await openPanel({ path: '/clean-up', viewport: wide });
  const go = page.getByRole('button', { name: /^Clean up \d+ snapshots…/ });
  const before = (await go.textContent()) ?? '';
  const last = page.getByLabel('The last (snapshots)');
  await last.fill('60');
  await page.getByText('was 10 snapshots').waitFor();
  await expect.poll(() => go.textContent()).not.toBe(before);
  await last.fill('some');
  await page.getByText('A number, or nothing for no such rule.').waitFor();
  expect(await go.isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Put back' }).click();
  await expect.poll(() => go.textContent()).toBe(before);
});

test('by the keyboard alone: cleaning up asks, shows how far it is, and says what came of it', async () => {
  const page = await openPanel({ path: '/clean-up', viewport: popover });
  await holdJobs(page);
  const go = page.getByRole('button', { name: /^Clean up \d+ snapshots…/ });
  await go.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('What goes cannot come back').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await go.focus();
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: /^Clean up/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('progressbar', { name: 'Cleaning up' }).waitFor();
  await letJobsGo(page);
  await page.getByText(/^\d+ snapshots gone$/).waitFor();
  await page.getByText('All 113 stay').waitFor();
});

test('a setting is checked while it is typed and saved by Enter; Escape forgets what was typed', async () => {
  const page = await openPanel({ path: '/settings', viewport: wide });
  const field = page.getByLabel('Look at the Brain every');
  await field.fill('0');
  await page.getByText('From 1 to 3,600 seconds.').waitFor();
  await field.press('Escape');
  expect(await field.inputValue()).toBe('60');
  await field.fill('120');
  // The note goes after 2.5 s: of a clock that goes on only while nobody has seen it.
  await page.clock.pauseAt(new Date(2025, 10, 20, 14, 36));
  await field.press('Enter');
  await expect
    .poll(async () => {
      await page.clock.runFor(50);
      return page.getByText('Saved').count();
    })
    .toBeGreaterThan(0);
  await page.clock.resume();
  await page.getByRole('button', { name: /^Back to 60 seconds/ }).click();
  await expect.poll(() => field.inputValue()).toBe('60');
});

test('a database that no snapshot covers can be left out on purpose, and included after all', async () => {
  const page = await openPanel({ scenario: 'attention', path: '/settings', viewport: wide });
  await page.getByText('37 services and 1 database are in no snapshot').waitFor();
  await page.getByLabel('codex-voice/data/transcripts.sqlite').check();
  await page.getByRole('button', { name: 'Leave out 1' }).click();
  await page.getByText('1 left out on purpose').waitFor();
  await page.getByLabel('codex-voice/data/transcripts.sqlite').check();
  await page.getByRole('button', { name: 'Include after all' }).click();
  await page.getByText('left out on purpose').waitFor({ state: 'detached' });
  await page.getByText('37 services are in no snapshot').waitFor();
});

test('activity loads what is older as one scrolls, and says where it ends', async () => {
  const page = await openPanel({ scenario: 'thousand', path: '/activity', viewport: popover });
  await page.locator('.act').first().waitFor();
  const scroller = page.locator('[data-scroll]').first();
  await expect
    .poll(async () => {
      await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      return page.getByText(/^That is all, back to/).count();
    })
    .toBe(1);
  expect(await page.locator('.act').count()).toBeLessThan(60);
  await page.getByLabel('Filter').fill('nothing has this');
  await page.getByRole('button', { name: 'Show everything' }).click();
  await page.locator('.act').first().waitFor();
});

test('an alarm stands above the settings until it is acknowledged', async () => {
  const page = await openPanel({ scenario: 'attention', path: '/settings', viewport: popover });
  const notice = page.getByRole('region', { name: 'What needs attention' });
  await notice.getByRole('button', { name: 'It is meant to be so' }).click();
  await notice.waitFor({ state: 'detached' });
});

test('the first run comes by itself, and ends in the overview with a snapshot', async () => {
  const page = await openPanel({ scenario: 'first-run', path: '/', viewport: popover });
  await holdJobs(page);
  await page.getByRole('button', { name: 'Use this one: /Users/ana/Codex' }).click();
  await page.getByRole('radio', { name: /^Two weeks/ }).check();
  await page.getByRole('button', { name: 'Start protecting' }).click();
  await page.getByRole('progressbar', { name: 'First snapshot' }).waitFor();
  await letJobsGo(page);
  await page.getByRole('link', { name: 'Overview' }).waitFor();
  expect(new URL(page.url()).hash).toBe('#/');
});

interface Opened {
  readonly scenario?: string;
  readonly path: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  readonly large?: boolean;
}

async function openPanel({ scenario = 'protected', path, viewport, colorScheme, large }: Opened): Promise<Page> {
  const context = await browser.newContext({ viewport, colorScheme: colorScheme ?? 'light', reducedMotion: 'reduce' });
  contexts.push(context);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.clock.setFixedTime(new Date(2025, 10, 20, 14, 35, 12));
  await page.goto(`${harness.url}?scenario=${scenario}${large === true ? '&large' : ''}#${path}`);
  return page;
}
