// Takes the pictures of docs/screens/ from a sample Codex that runs: node scripts/take-screens.ts [FOLDER]
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { chromium, type Page } from 'playwright-core';
import { createEngine } from '../src/engine/index.ts';
import { silentLogger } from '../src/engine/platform/logger.ts';
import { builtPanel } from '../test/e2e/support/built-panel.ts';
import { openPage } from '../test/e2e/support/panel-page.ts';
import { followPanel } from '../test/e2e/support/panel-process.ts';
import { findChromium } from '../test/helpers/find-chromium.ts';
import { waitUntil } from '../test/helpers/sample.ts';
import { createRunningSample, type RunningSample } from '../test/restore/running-sample.ts';
import { takeMenuBar } from './draw-menu-bar.ts';

const hourMs = 3_600_000;
/** Hours before now at which the past has its snapshots, and why. */
const past = [
  [74, 'boot'],
  [66, 'growth'],
  [52, 'schedule'],
  [47, 'growth'],
  [29, 'growth'],
  [26, 'manual'],
  [22, 'change'],
  [7, 'boot'],
  [5.5, 'growth'],
  [3, 'growth'],
  [1.2, 'change'],
] as const;

const sizes = {
  wide: { width: 1100, height: 760 },
  narrow: { width: 380, height: 600 },
} as const;
const themes = ['light', 'dark'] as const;

const folder = process.argv[2] ?? join(import.meta.dirname, '../docs/screens');
mkdirSync(folder, { recursive: true });
const running = await createRunningSample({ start: false });
const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
try {
  const id = await liveThePast(running);
  await running.run('link');
  await running.sample.start();
  const hasBooted = (): boolean => running.sample.output().includes('codexAutoBackup exited');
  await waitUntil('the snapshot of the boot', hasBooted);
  const panel = await followPanel(
    running.begin({ CODEX_BACKUP_PANEL: builtPanel(), CODEX_BACKUP_BUNDLE: 'off' }, 'panel', '--no-open'),
  );
  try {
    await takeAll(panel.address, id);
  } finally {
    await panel.end();
  }
} finally {
  await browser.close();
  await running.dispose();
}

/** Three days of memories, looks and snapshots; answers the snapshot that the pictures look into. */
async function liveThePast({ sample, place, run }: RunningSample): Promise<string> {
  const home = join(place.folder, 'app');
  const settings = { 'retention.keepDaily': 7, 'retention.keepLast': 3, 'watch.intervalSeconds': 30 };
  for (const [key, value] of Object.entries(settings)) await run('settings', key, JSON.stringify(value));
  const begun = Date.now();
  let now = begun - 75 * hourMs;
  const clock = { now: () => now };
  const engine = createEngine({ root: sample.root, home, env: place.env, clock, logger: silentLogger });
  await engine.answerCoverage({ add: 'all' });
  const looks: [number, number][] = [];
  for (const [hours, trigger] of past) {
    while (now < begun - hours * hourMs) {
      if (isAwake(begun - now)) remember(sample.brain, new Date(now).toISOString(), 1 + (Math.floor(now / hourMs) % 3));
      const { size } = statSync(sample.brain);
      for (let minute = 0; minute < 10; minute += 1) looks.push([now + (minute * hourMs) / 60, size]);
      now += hourMs / 6;
    }
    now = begun - hours * hourMs;
    // The code changes less often than the Brain.
    if (trigger !== 'growth')
      writeFileSync(join(sample.root, 'codex-voice/prompts/evening.md'), `In ${hours} hours.\n`);
    await engine.run({ trigger });
  }
  const snapshots = await engine.list();
  const chosen = snapshots[1]?.id ?? 'latest';
  await engine.pin(snapshots[5]?.id ?? 'latest', true);
  await engine.note(snapshots[5]?.id ?? 'latest', 'Before the new scheduler');
  await engine.close();
  recordLooks(join(home, 'state.db'), sample.root, looks);
  // What a restore has to bring back.
  writeFileSync(join(sample.root, 'codex-bridge/src/made-since.js'), 'export const since = 1;\n');
  const source = join(sample.root, 'codex-bridge/src/index.js');
  writeFileSync(source, `${readFileSync(source, 'utf8')}// Tried something.\n`);
  remember(sample.brain, new Date(begun - hourMs / 2).toISOString(), 12);
  return chosen;
}

/** People sleep, and the Brain does not grow then: counted back from now, so that the pictures are alike at any hour. */
function isAwake(agoMs: number): boolean {
  const hours = (agoMs / hourMs) % 24;
  return hours < 8 || hours > 16;
}

function remember(brain: string, createdAt: string, count: number): void {
  const db = new Database(brain);
  const add = db.prepare('INSERT INTO events (sessionId, kind, json, createdAt) VALUES (?, ?, ?, ?)');
  const text = 'The boat leaves at seven, and Mira has the tickets. '.repeat(16);
  for (let number = 0; number < count; number += 1) add.run('s', 'TurnAppended', JSON.stringify({ text }), createdAt);
  db.close();
}

function recordLooks(file: string, root: string, looks: readonly (readonly [number, number])[]): void {
  const state = new Database(file);
  const add = state.prepare('INSERT INTO samples (at, root, bytes, usedBytes, rows) VALUES (?, ?, ?, ?, ?)');
  for (const [index, [at, bytes]] of looks.entries()) add.run(Math.round(at), root, bytes, bytes, index);
  state.close();
}

async function takeAll(address: string, id: string): Promise<void> {
  const { page, go } = await openPage(browser, address, { viewport: sizes.wide, deviceScaleFactor: 2 });
  await page.locator('canvas').first().waitFor();
  await take(page, 'overview', 'wide');
  await take(page, 'overview-popover', 'narrow');
  await takeUnderIcon();
  await page.setViewportSize(sizes.wide);
  await go(`#/snapshot/${id}/contents?path=codex-bridge%2Fsrc%2Findex.js&against=now`);
  await page.locator('.lines').waitFor();
  await take(page, 'snapshot', 'wide');
  await go('#/clean-up');
  await page.locator('.clean-summary').waitFor();
  await take(page, 'clean-up', 'wide');
  await go(`#/restore/${id}`);
  await page.getByRole('heading', { name: 'What should come back?' }).waitFor();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'This is what would happen' }).waitFor();
  await take(page, 'restore-plan', 'wide');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: /^Restore to / }).click();
  await page.getByRole('heading', { name: /is back to/ }).waitFor({ timeout: 180_000 });
  await take(page, 'restore-result', 'wide');
}

/** The panel as it hangs under its icon in the menu bar. */
async function takeUnderIcon(): Promise<void> {
  const page = await browser.newPage({ deviceScaleFactor: 2 });
  for (const theme of themes) {
    const path = join(folder, `menu-bar-${theme}.png`);
    await takeMenuBar(page, join(folder, `overview-popover-${theme}.png`), theme, path);
    console.log(path);
  }
  await page.close();
}

/** In both themes. */
async function take(page: Page, name: string, size: keyof typeof sizes): Promise<void> {
  await page.setViewportSize(sizes[size]);
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The curve is drawn anew in the other colours, and is first measured by the window's new size.
    await page.waitForTimeout(600);
    const path = join(folder, `${name}-${colorScheme}.png`);
    await page.screenshot({ path });
    console.log(path);
  }
}
