import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { AppDriver } from '../e2e/driver/app-driver.ts';
import { describeOnHosts } from '../e2e/driver/hosts.ts';
import { standInHost } from '../e2e/driver/stand-in-host.ts';
import { patiently } from '../e2e/support/app-windows.ts';
import { findProcessesWith } from '../helpers/find-processes-with.ts';
import { isRunning } from '../helpers/is-running.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const main = join(import.meta.dirname, 'tiny-app/main.js');
const patient = { timeout: 120_000, interval: 20 };

describeOnHosts('a tiny app', (host) => {
  let app: AppDriver;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'codex-tiny-'));
  const launchIn = (profile: string, ...more: readonly string[]) =>
    host.launch({ main, args: [`--user-data-dir=${profile}`, ...more], env: { ...process.env, TINY_APP: profile } });
  /** Those of its Chromium too, which writes into the profile until it has ended. */
  const processesOf = (profile: string) => findProcessesWith(`TINY_APP=${profile}`);

  beforeAll(async () => {
    app = await launchIn(folder);
    await patiently('the page is painted', () => app.written().includes('"painted"'));
    const [window] = await app.desktop.windows();
    page = await app.page(window?.id ?? 0);
  }, 240_000);
  afterAll(async () => {
    await app.dispose();
    await patiently('nothing of the app runs any more', () => processesOf(folder).length === 0);
    rmSync(folder, { recursive: true, force: true });
  }, 240_000);

  test('a click on its icon shows its page, whose world has what the preload gave it and nothing of Node', async () => {
    expect(await app.desktop.windows()).toMatchObject([{ url: 'app://tiny/index.html', isVisible: false }]);
    await app.desktop.clickTray();
    expect(await app.desktop.windows()).toMatchObject([{ isVisible: true, isFocused: true }]);
    expect(await page.evaluate('[innerWidth, innerHeight, document.title]')).toEqual([360, 420, 'Tiny']);
    expect(await page.evaluate('[typeof seen, seen, typeof require, typeof process]')).toEqual([
      'string',
      'object',
      'undefined',
      'undefined',
    ]);
    expect(await page.evaluate('Object.keys(globalThis).filter((name) => name.includes("electron"))')).toEqual([]);
    expect(await page.evaluate('Object.isFrozen(tiny)')).toBe(true);
    await app.desktop.clickTray();
    expect(await app.desktop.windows()).toMatchObject([{ isVisible: false }]);
  });

  test('calls of the page are answered, with the sender that they really have', async () => {
    expect(await page.evaluate('tiny.who()')).toEqual(['app://tiny/index.html', true, 'app://tiny']);
    expect(await page.evaluate('tiny.fail().catch(String)')).toBe(
      "Error: Error invoking remote method 'fail': TypeError: as it was meant",
    );
    expect(await page.evaluate('tiny.nobody().catch(String)')).toContain("No handler registered for 'nobody'");
    expect(await page.evaluate('new Promise((heard) => { tiny.onHeard(heard); tiny.say("ä \\u2028"); })')).toBe(
      'ä \u2028',
    );
  });

  test('functions, promises and errors go from one world to the other, and what can not be cloned does not', async () => {
    expect(await page.evaluate('tiny.double(20, (number) => number + 1)')).toBe(42);
    expect(await page.evaluate('tiny.deep.later(Promise.resolve(41))')).toBe(42);
    const thrown = (call: string) =>
      page.evaluate(`(() => { try { return ${call} } catch (error) { return String(error) } })()`);
    expect(await thrown('tiny.double(1, () => { throw new TypeError("no") })')).toBe('Error: no');
    expect(await thrown('tiny.double(Symbol("x"), () => 1)')).toContain('could not be cloned');
    expect(await thrown('tiny.say(() => 1)')).toContain('could not be cloned');
  });

  test('a frame within the page has no preload; navigation, new windows and the network are refused', async () => {
    const inner = page.frames().find((frame) => frame.url().endsWith('/inner'));
    expect(await inner?.evaluate('typeof tiny')).toBe('undefined');
    await page.evaluate('void (location.href = "https://example.org/away")');
    await page.evaluate('void window.open("https://example.org/new")');
    await expect.poll(() => app.written(), patient).toContain('"navigate" "https://example.org/away"');
    await expect.poll(() => app.written(), patient).toContain('"open" "https://example.org/new"');
    expect(await page.evaluate('fetch("https://example.org/").then(() => "reached", () => "refused")')).toBe('refused');
    expect(await page.title()).toBe('Tiny');
  });

  test('a message can be forged as one of a frame within, and of a frame that has gone', async () => {
    const [window] = await app.desktop.windows();
    const forge = (frame: 'main' | 'child' | 'none') =>
      app.desktop.forge({ windowId: window?.id ?? 0, frame, channel: 'who', args: [] });
    expect(await forge('main')).toEqual(['app://tiny/index.html', true, 'app://tiny']);
    expect(await forge('child')).toEqual(['app://tiny/inner', false, 'app://tiny']);
    expect(await forge('none')).toEqual([null, false, null]);
  });

  test.runIf(host === standInHost)(
    'what the stand-in lacks throws its name, and what Electron lacks is undefined',
    async () => {
      const [window] = await app.desktop.windows();
      const lacking = { windowId: window?.id ?? 0, frame: 'main', channel: 'lacking', args: [] } as const;
      expect(await app.desktop.forge(lacking)).toEqual([
        'The stand-in for Electron has no electron.autoUpdater.',
        'The stand-in for Electron has no app.relaunch.',
        'The stand-in for Electron has no BrowserWindow.setVibrancy.',
        'The stand-in for Electron has no dialog.showErrorBox.',
        'undefined',
      ]);
    },
  );

  test('its menu asks by a dialog, and shows a file', async () => {
    expect((await app.desktop.menu()).map(({ id }) => id)).toEqual(['reset', 'show', 'quit']);
    await app.desktop.choose('reset');
    expect(await app.desktop.dialogs()).toMatchObject([{ kind: 'message', message: 'Reset?', buttons: ['No', 'Yes'] }]);
    await app.desktop.answerDialog(1);
    await expect.poll(() => app.desktop.tray(), patient).toMatchObject({ toolTip: 'reset' });
    await app.desktop.choose('show');
    expect(await app.desktop.opened()).toEqual(['/log']);
  });

  test('its engine speaks by messages; killed, its end is told, and a click on the notification shows the page', async () => {
    const answer = '"engine" {"number":40,"arguments":["--one"],"type":"utility"}';
    await expect.poll(() => app.written(), patient).toContain(answer);
    const [engine] = await app.desktop.utilities();
    if (engine === undefined) throw new Error('the engine runs');
    expect(engine.name).toBe('Tiny engine');
    process.kill(engine.pid, 'SIGKILL');
    await expect.poll(() => app.desktop.notifications(), patient).toHaveLength(1);
    expect((await app.desktop.windows())[0]?.isVisible).toBe(false);
    await app.desktop.clickNotification(0);
    expect((await app.desktop.windows())[0]?.isVisible).toBe(true);
    expect(await app.desktop.utilities()).toEqual([]);
  });

  test('a second start tells the first, and ends', async () => {
    const second = await launchIn(folder, '--hello');
    onTestFinished(() => second.dispose());
    expect(await second.ended).toEqual({ code: 0, signal: null });
    await expect.poll(() => app.written(), patient).toContain('"second" "--hello" {"from":"a second start"}');
  });

  test('its window keeps itself open when it is closed, and not when the app is quit', async () => {
    const [window] = await app.desktop.windows();
    await app.desktop.closeWindow(window?.id ?? 0);
    expect(await app.desktop.windows()).toMatchObject([{ isVisible: false }]);
    await app.desktop.choose('quit');
    expect(await app.ended).toEqual({ code: 0, signal: null });
  });

  test('killed, it takes its pages and its processes with it', async () => {
    const profile = temporaryFolder();
    const again = await launchIn(profile);
    onTestFinished(() => again.dispose());
    await expect.poll(() => again.written(), patient).toContain('"engine"');
    const pids = [again.child.pid ?? 0, ...(await again.desktop.utilities()).map(({ pid }) => pid)];
    expect(pids).toHaveLength(2);
    expect(processesOf(profile).length).toBeGreaterThan(2);
    again.child.kill('SIGKILL');
    await again.ended;
    await expect.poll(() => [...pids.filter(isRunning), ...processesOf(profile)], patient).toEqual([]);
  });
});
