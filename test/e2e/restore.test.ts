import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { postEvents } from '../../sample/post-events.ts';
import { createEngine, type Engine } from '../../src/engine/index.ts';
import { silentLogger } from '../../src/engine/platform/logger.ts';
import { AppError } from '../../src/shared/app-error.ts';
import { createCliPlace } from '../cli/support/spawn-cli.ts';
import { isHealthy, waitUntil } from '../helpers/sample.ts';
import { askAxe } from './support/ask-axe.ts';
import { describeInBrowser } from './support/browser.ts';
import { openPage } from './support/panel-page.ts';
import { startPanel } from './support/panel-process.ts';

const timeout = 240_000;
const patient = { timeout: 120_000, interval: 100 };

/** `codex-backup panel --sample`: a Codex that runs and grows by itself, with the panel that shows it. */
async function openSample(browser: Browser) {
  const place = createCliPlace();
  onTestFinished(() => place.dispose());
  const panel = await startPanel(['--sample'], place.env);
  onTestFinished(async () => void (await panel.end()));
  const [, root = ''] = /The sample in (\S+) runs/.exec(panel.written()) ?? [];
  expect(root, panel.written()).not.toBe('');
  const { page, complaints, go } = await openPage(browser, panel.address);
  page.setDefaultTimeout(patient.timeout);
  onTestFinished(() => page.context().close());
  const engine = createEngine({ root, home: join(dirname(root), 'app-home'), env: place.env, logger: silentLogger });
  onTestFinished(() => engine.close());
  const ports: Record<string, number> = JSON.parse(readFileSync(join(root, 'codex-ports.json'), 'utf8'));
  return { root, page, complaints, go, engine, brainPort: ports['brain'] ?? 0 };
}

const shownIn = (page: Page): Promise<string> => page.locator('body').innerText();

/** Saves what is there now, once the watcher of the panel is not at work on what was there before. Answers the id. */
async function takeSnapshot(engine: Engine): Promise<string> {
  let id = '';
  const take = async (): Promise<boolean> => {
    try {
      ({ id } = await engine.run({ trigger: 'manual' }));
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'busy') return false;
      throw error;
    }
  };
  await waitUntil('nobody else takes a snapshot', take, undefined, undefined, patient.timeout);
  return id;
}

/** Waits for the result of a restore; what is shown instead, after that long, is its failure. */
async function waitForResult(page: Page, name: string | RegExp): Promise<void> {
  const isThere = (): Promise<boolean> => page.getByRole('heading', { name }).isVisible();
  await expect
    .poll(isThere, patient)
    .toBe(true)
    .catch(async (cause: unknown) => {
      throw new Error(`Instead of "${name}" the panel shows: ${await shownIn(page)}`, { cause });
    });
}

/** From the first question to the confirmation of everything that a snapshot holds. */
async function restoreAll(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'What should come back?' }).waitFor();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'This is what would happen' }).waitFor();
  expect(await askAxe(page)).toEqual([]);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: /^Restore to / }).waitFor();
  expect(await askAxe(page)).toEqual([]);
  await page.getByRole('button', { name: /^Restore to / }).click();
}

describeInBrowser('restore of a Codex that runs', (browser) => {
  test('everything is brought back with a rebuild and Codex runs again; undo brings back what was newer', {
    timeout,
  }, async () => {
    const { root, page, complaints, go, engine, brainPort } = await openSample(browser());
    const source = join(root, 'codex-bridge/src/index.js');
    const good = readFileSync(source, 'utf8');
    const id = await takeSnapshot(engine);
    const newer = `${good}\n// newer\n`;
    writeFileSync(source, newer);
    writeFileSync(join(root, 'codex-bridge/src/made-since.js'), 'export const since = 1;\n');
    await postEvents(brainPort, { perSecond: 1000, count: 5 });

    await go(`#/restore/${id}`);
    await restoreAll(page);
    await waitForResult(page, /^Codex is back to /);
    await page.getByText('7 answer').waitFor();
    await page.locator('li', { hasText: /^brain[\d,]+ ms$/ }).waitFor();
    expect(await askAxe(page)).toEqual([]);
    expect(readFileSync(source, 'utf8')).toBe(good);
    expect(existsSync(join(root, 'codex-bridge/src/made-since.js'))).toBe(false);
    expect(readFileSync(join(root, 'codex-bridge/dist/index.js'), 'utf8')).toBe(good);
    expect(await isHealthy(brainPort), await shownIn(page)).toBe(true);
    expect(await engine.restores()).toMatchObject([{ state: 'restored' }]);
    expect((await engine.list()).map(({ trigger }) => trigger)).toContain('pre-restore');

    await page.getByRole('link', { name: 'Undo…' }).click();
    await page.getByRole('heading', { name: 'This is what would happen' }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Undo the restore' }).click();
    await waitForResult(page, 'The restore is undone');
    expect(readFileSync(source, 'utf8')).toBe(newer);
    expect(existsSync(join(root, 'codex-bridge/src/made-since.js'))).toBe(true);
    expect(await isHealthy(brainPort), await shownIn(page)).toBe(true);
    expect(complaints).toEqual([]);
  });

  test('F106: a build that fails is rolled back and shown with its last lines, which are text even where they are markup', {
    timeout,
  }, async () => {
    const { root, page, complaints, go, engine, brainPort } = await openSample(browser());
    const source = join(root, 'codex-brain/src/brain.js');
    const good = readFileSync(source, 'utf8');
    writeFileSync(source, 'const a = <img src=x onerror="console.error(1)">;\n');
    const id = await takeSnapshot(engine);
    writeFileSync(source, good);

    await go(`#/restore/${id}`);
    await restoreAll(page);
    await waitForResult(page, 'The restore failed, and everything is as it was');
    await page.getByText('<img src=x onerror="console.error(1)">').first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await askAxe(page)).toEqual([]);
    expect(readFileSync(source, 'utf8')).toBe(good);
    await expect.poll(() => isHealthy(brainPort), patient).toBe(true);
    expect(await engine.restores()).toMatchObject([{ state: 'rolled-back' }]);
    expect(complaints).toEqual([]);
  });
});
