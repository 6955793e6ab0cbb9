import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../test/helpers/find-chromium.ts';
import { serveHarness } from '../test/renderer/support/serve-harness.ts';

/**
 * Takes pictures of the panel over invented data, and tells what axe, the console and the layout have to say:
 *   node scripts/shoot-panel.ts --out DIR [--scenario protected,failed] [--path /settings] [--size popover,window,narrow]
 *     [--theme light,dark] [--large] [--name NAME] [--click 'CSS'] [--hover 'CSS'] [--scroll PIXELS] [--no-axe]
 */
const sizes: Readonly<Record<string, { readonly width: number; readonly height: number }>> = {
  popover: { width: 380, height: 600 },
  window: { width: 1100, height: 760 },
  narrow: { width: 360, height: 640 },
  tall: { width: 380, height: 1600 },
  large: { width: 1728, height: 1080 },
  huge: { width: 2560, height: 1440 },
};

/** Runs in the page. */
const findOutside = `[...document.querySelectorAll('body *')]
  .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((element) => element.outerHTML.slice(0, 120))`;

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: join(tmpdir(), 'panel-shots') },
    scenario: { type: 'string', default: 'protected' },
    path: { type: 'string', default: '/' },
    size: { type: 'string', default: 'popover,window' },
    theme: { type: 'string', default: 'light,dark' },
    name: { type: 'string', default: '' },
    click: { type: 'string', multiple: true, default: [] },
    hover: { type: 'string', default: '' },
    scroll: { type: 'string', default: '' },
    large: { type: 'boolean', default: false },
    axe: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

const folder = mkdtempSync(join(tmpdir(), 'panel-harness-'));
const harness = await serveHarness(folder);
const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
try {
  mkdirSync(options.out, { recursive: true });
  for (const scenario of options.scenario.split(',')) {
    for (const size of options.size.split(',')) {
      for (const theme of options.theme.split(',')) await shoot(browser, scenario, size, theme);
    }
  }
} finally {
  await browser.close();
  await harness.close();
  rmSync(folder, { recursive: true, force: true });
}

async function shoot(from: Browser, scenario: string, size: string, theme: string): Promise<void> {
  const viewport = sizes[size] ?? { width: 1100, height: 760 };
  const context = await from.newContext({
    viewport,
    deviceScaleFactor: 2,
    colorScheme: theme === 'dark' ? 'dark' : 'light',
  });
  const page = await context.newPage();
  const place = options.path
    .replaceAll('/', '-')
    .replaceAll(/[^\w-]/g, '')
    .slice(0, 40);
  const name = [scenario, `${options.name}${place === '-' ? '' : place}`, size, options.large ? 'large' : '', theme]
    .filter(Boolean)
    .join('-');
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') console.log(`${name}: console: ${message.text()}`);
  });
  page.on('pageerror', (error) => console.log(`${name}: ${error.message}`));
  // So that pictures of the same code are the same; timers go on.
  await page.clock.setFixedTime(new Date(2025, 10, 20, 14, 35, 12));
  await page.goto(`${harness.url}?scenario=${scenario}${options.large ? '&large' : ''}#${options.path}`);
  await settle(page);
  for (const target of options.click) {
    await page.locator(target).first().click();
    await settle(page);
  }
  if (options.scroll !== '') {
    await page
      .locator('[data-scroll]')
      .first()
      .evaluate((element, top) => element.scrollTo(0, top), Number(options.scroll));
    await settle(page);
  }
  if (options.hover !== '') {
    await page.locator(options.hover).first().hover();
    await page.waitForTimeout(700);
  }
  const file = join(options.out, `${name}.png`);
  await page.screenshot({ path: file });
  console.log(file);
  if (options.axe) await reportAxe(page, name);
  await reportOverflow(page, name);
  await context.close();
}

/** Answers of the fixture come within a few frames; transitions take 200 ms. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(450);
}

async function reportAxe(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const { id, help, nodes } of violations) {
    console.log(`${name}: axe: ${id}: ${help}`);
    for (const node of nodes.slice(0, 4))
      console.log(`  ${node.html.slice(0, 160)}  ${node.failureSummary?.split('\n')[1] ?? ''}`);
  }
}

async function reportOverflow(page: Page, name: string): Promise<void> {
  const wide: string[] = await page.evaluate(findOutside);
  for (const html of wide.slice(0, 4)) console.log(`${name}: reaches out of the window: ${html}`);
}
