import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { findChromium } from '../../helpers/find-chromium.ts';

const found = lookForChromium();

/** Tests in a real browser; where there is none they are skipped, and their title says why. */
export function describeInBrowser(title: string, tests: (browser: () => Browser) => void): void {
  const reason = 'path' in found ? '' : ` (skipped: ${found.reason})`;
  describe.skipIf(reason !== '')(title + reason, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: 'path' in found ? found.path : '',
        args: ['--no-sandbox'],
        timeout: 120_000,
      });
    }, 150_000);
    afterAll(() => browser?.close());
    tests(() => {
      if (browser === undefined) throw new Error('the browser is started before the tests');
      return browser;
    });
  });
}

function lookForChromium(): { readonly path: string } | { readonly reason: string } {
  try {
    return { path: findChromium() };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
