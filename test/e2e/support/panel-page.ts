import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { tokenStorageKey } from '../../../src/shared/protocol/web.ts';
import { waitUntil } from '../../helpers/sample.ts';

/** A window of the panel, with everything that the browser had to complain about. */
export interface PanelPage {
  readonly page: Page;
  /** Errors in the console, errors that nobody caught, and what the content policy has refused. */
  readonly complaints: string[];
  /** Shows another view in the same window. */
  go(hash: string): Promise<void>;
  close(): Promise<void>;
}

/** Runs in the page, before any script of it. */
const watchPolicy = `document.addEventListener('securitypolicyviolation', (event) =>
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))`;

const patienceMs = 30_000;

/** Opens a window at an address of a panel, which lets it in. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
  script = '',
): Promise<PanelPage> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 760 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.addInitScript(`${watchPolicy}; ${script}`);
  await page.goto(address);
  const settle = () => page.locator('h1').first().waitFor({ state: 'attached' });
  await settle();
  await waitUntil('the window is let in', async () => (await tokenOf(page)) !== null);
  return {
    page,
    complaints,
    go: async (hash) => {
      await page.evaluate(`window.location.hash = ${JSON.stringify(hash)}`);
      await settle();
    },
    close: () => context.close(),
  };
}

/** Opens a window more with the token of the first, as a duplicated tab has it. */
export async function openSecondPage(browser: Browser, first: Page): Promise<PanelPage> {
  const token = await tokenOf(first);
  const keep = `window.sessionStorage.setItem('${tokenStorageKey}', ${JSON.stringify(token)})`;
  return openPage(browser, `${new URL(first.url()).origin}/`, {}, keep);
}

const tokenOf = (page: Page): Promise<unknown> => page.evaluate(`window.sessionStorage.getItem('${tokenStorageKey}')`);
