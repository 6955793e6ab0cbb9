import { mkdtempSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { createEngine, type Engine } from '../../../src/engine/index.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';
import { isHealthy, killProcessesIn } from '../../helpers/sample.ts';
import { openPage, openSecondPage, type PanelPage } from './panel-page.ts';
import { type PanelProcess, startPanel } from './panel-process.ts';
import { copyTree, makePlace, quiet, type StagePlace, startServices } from './stage-place.ts';

export interface Stage {
  readonly place: StagePlace;
  /** Starts the panel on the place, and answers its first window. */
  open(options?: OpenOptions): Promise<PanelPage & { readonly panel: PanelProcess }>;
  /** A window more of the panel that was started last. */
  openSecond(first: PanelPage): Promise<PanelPage>;
}

export interface OpenOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly parameters?: readonly string[];
  readonly context?: BrowserContextOptions;
  /** Runs in the page before its own scripts. */
  readonly script?: string;
  /** Where it begins instead of the overview. */
  readonly hash?: string;
}

/**
 * One sample for the tests of a file, made and arranged once, then laid out afresh and started before each of them.
 * After each test the panel has to end well, no window may have had anything to complain about, and Codex must run
 * still, or again.
 */
export function useStage(browser: () => Browser, arrange: (place: StagePlace) => Promise<void>): () => Stage {
  let current: Stage | undefined;
  let opened: { panels: PanelProcess[]; pages: PanelPage[]; engines: Engine[] } = noneOpened();
  let base = '';
  let place: StagePlace | undefined;
  beforeAll(async () => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'codex-e2e-')));
    place = await makePlace(base, (engine) => opened.engines.push(engine));
    for (const [key, value] of Object.entries(quiet)) await place.engine().changeSetting(key, JSON.stringify(value));
    await arrange(place);
    await closeAll(opened);
    renameSync(join(base, 'place'), join(base, 'template'));
  }, 180_000);
  beforeEach(async () => {
    if (place === undefined) throw new Error('the place is made before the tests');
    copyTree(join(base, 'template'), join(base, 'place'));
    opened = noneOpened();
    current = makeStage(await startServices(place), browser, opened);
  }, 120_000);
  afterEach(async ({ task }) => {
    const complaints = opened.pages.flatMap((page) => page.complaints);
    await takePictures(opened.pages, task.name);
    const codes = await closeAll(opened);
    const runs = current !== undefined && (await isHealthy(current.place.info.ports.brain));
    await killProcessesIn(join(base, 'place'));
    rmSync(join(base, 'place'), { recursive: true, force: true });
    expect(runs, 'Codex runs when the test is over').toBe(true);
    expect(complaints).toEqual([]);
    expect(codes.filter((code) => code !== 0 && code !== null)).toEqual([]);
  }, 120_000);
  afterAll(() => rmSync(base, { recursive: true, force: true }));
  return () => {
    if (current === undefined) throw new Error('the stage is for use in tests');
    return current;
  };
}

const noneOpened = () => ({ panels: [] as PanelProcess[], pages: [] as PanelPage[], engines: [] as Engine[] });

/** Answers the exit codes of the panels; null where one was killed. */
async function closeAll({ panels, pages, engines }: ReturnType<typeof noneOpened>): Promise<(number | null)[]> {
  await Promise.all(pages.map((page) => page.close()));
  const codes = await Promise.all(panels.map((panel) => panel.end()));
  for (const engine of engines) await engine.close();
  return codes;
}

/** What each window showed at the end of a test, for who looks for the cause of a failure. */
async function takePictures(pages: readonly PanelPage[], name: string): Promise<void> {
  const folder = process.env['E2E_PICTURES'];
  if (folder === undefined) return;
  for (const [index, { page }] of pages.entries()) {
    await page.screenshot({ path: join(folder, `${name.replaceAll(/\W+/g, '-').slice(0, 60)}-${index}.png`) });
  }
}

function makeStage(template: StagePlace, browser: () => Browser, opened: ReturnType<typeof noneOpened>): Stage {
  const place: StagePlace = {
    ...template,
    engine: () => {
      const { root, home, env } = template;
      const engine = createEngine({ root, home, env, logger: silentLogger });
      opened.engines.push(engine);
      return engine;
    },
  };
  const keep = (page: PanelPage): PanelPage => {
    opened.pages.push(page);
    return page;
  };
  return {
    place,
    open: async ({ env = {}, parameters = ['--root', place.root], context = {}, script = '', hash } = {}) => {
      const panel = await startPanel(parameters, { ...place.env, ...env });
      opened.panels.push(panel);
      const page = keep(await openPage(browser(), panel.address, context, script));
      if (hash !== undefined) await page.go(hash);
      return { ...page, panel };
    },
    openSecond: async (first) => keep(await openSecondPage(browser(), first.page)),
  };
}
