import type { Page } from 'playwright-core';
import { waitUntil } from '../../helpers/sample.ts';
import type { AppDriver } from '../driver/app-driver.ts';
import type { WindowRecord } from '../driver/desktop-record.ts';

/** The app's two windows: the popover under its icon, and the one of the usual kind. */
export type WindowKind = 'panel' | 'main';

const panelWidth = 380;
/** An app that starts on a machine with much else to do. */
const limitMs = 120_000;

/** Waits for a state of an app as long as such a machine may need. */
export function patiently(what: string, holds: () => boolean | Promise<boolean>, seen?: () => string): Promise<void> {
  return waitUntil(what, holds, undefined, seen, limitMs);
}

export async function findWindow(app: AppDriver, kind: WindowKind): Promise<WindowRecord | undefined> {
  const windows = await app.desktop.windows();
  return windows.find(({ bounds }) => (bounds.width <= panelWidth ? 'panel' : 'main') === kind);
}

/** Waits until the app shows it, and for its page. */
export async function shownWindow(
  app: AppDriver,
  kind: WindowKind,
): Promise<{ readonly id: number; readonly page: Page }> {
  let found: WindowRecord | undefined;
  await patiently(`the app shows its ${kind} window`, async () => {
    found = await findWindow(app, kind);
    return found?.isVisible === true;
  });
  const id = found?.id ?? 0;
  const page = await app.page(id);
  page.setDefaultTimeout(limitMs);
  await page.locator('h1').first().waitFor({ state: 'attached' });
  return { id, page };
}

/** Waits until the engine has told the icon what it knows. */
export async function untilReady(app: AppDriver): Promise<void> {
  const notYet = /Starting|The engine stopped|^$/;
  await patiently('the icon shows a state', async () => !notYet.test((await app.desktop.tray())?.toolTip ?? ''));
}

/** Waits until the line of the icon says so. */
export async function untilIconSays(app: AppDriver, words: RegExp): Promise<void> {
  let line = '';
  await patiently(
    `the icon says ${words}`,
    async () => {
      line = (await app.desktop.tray())?.toolTip ?? '';
      return words.test(line);
    },
    () => line,
  );
}
