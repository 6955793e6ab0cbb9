import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { AppDriver } from '../driver/app-driver.ts';
import { describeOnHosts } from '../driver/hosts.ts';
import { type AppPlace, createAppPlace } from '../support/app-place.ts';
import { shownWindow, untilReady } from '../support/app-windows.ts';
import { takeOver } from '../support/taken-over-page.ts';

const patient = { timeout: 30_000, interval: 50 };
const markup = '<img src=x onerror="console.error(1)">';

describeOnHosts('a page of the app that an attacker has taken over', (host) => {
  let place: AppPlace;
  let app: AppDriver;
  let id: number;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    place = await createAppPlace(host);
    const folder = join(place.root, 'codex-hands', markup.replaceAll('/', ''));
    mkdirSync(folder);
    writeFileSync(join(folder, `${markup}.txt`), markup);
    await place.engine().run({ trigger: 'manual' });
    app = await place.launch({ args: ['--hidden'] });
    await untilReady(app);
    await app.desktop.choose('open');
    ({ id, page } = await shownWindow(app, 'main'));
    page.on('console', (message) => complaints.push(message.text()));
  }, 120_000);
  afterEach(async () => {
    // Whatever it tried: the app lives, its engine too, and nothing was opened, shown or changed by it.
    expect(await app.desktop.utilities()).toHaveLength(1);
    expect(await app.desktop.opened()).toEqual([]);
    expect(await app.desktop.dialogs()).toEqual([]);
    expect(await place.engine().list()).toMatchObject([{ trigger: 'manual', pinned: false, note: '' }]);
  });
  afterAll(() => place.dispose(), 60_000);

  test('has four functions of ours, frozen, and nothing of Node or Electron', async () => {
    const has = `[Object.keys(codexBackup).sort(), Object.isFrozen(codexBackup), typeof require, typeof process, typeof module]`;
    const names = ['chooseFolder', 'onGo', 'onMessage', 'post'];
    expect(await page.evaluate(has)).toEqual([names, true, 'undefined', 'undefined', 'undefined']);
    const heard =
      'new Promise((heard) => { codexBackup.onMessage((...all) => heard(all.length)); codexBackup.post({ kind: "open", channel: "9" }); })';
    expect(await page.evaluate(heard)).toBe(1);
  });

  test('F101: sends what is no message, too much and too often, and is not heard', async () => {
    const taken = takeOver(page);
    const started = { t: 'q', m: 'call', i: 'x', a: [1, 'start', { job: { kind: 'backUp' } }] };
    for (const text of ['', 'no JSON', '[]', '{"t":"q"}', '"'.repeat(300), `["${'['.repeat(20_000)}"]`]) {
      expect(await taken.send(text, JSON.stringify(started))).toMatchObject([{ kind: 'close' }]);
    }
    const long = JSON.stringify({ ...started, i: 'x'.repeat(300_000) });
    expect(await taken.send(long, JSON.stringify(started))).toMatchObject([{ kind: 'close' }]);
    for (const message of [
      null,
      5,
      'text',
      {},
      { kind: 'text' },
      { kind: 'run', channel: '1' },
      { kind: 'open', channel: '../1' },
    ]) {
      await page.evaluate(`codexBackup.post(${JSON.stringify(message)})`);
    }
    const flood = `for (let count = 0; count < 20_000; count += 1) codexBackup.post({ kind: count % 2 ? 'text' : 'nothing', channel: '1', text: '' })`;
    await page.evaluate(flood);
    expect(await taken.call('about', {})).toMatchObject({ ok: true });
    expect((await app.desktop.tray())?.toolTip).toContain('Codex Auto-Backup');
  });

  test('F101: asks at a rate that no user has, and its channel is closed', async () => {
    const asks = Array.from({ length: 2000 }, (_, index) => JSON.stringify({ t: 'q', m: 'cancel', a: [index + 1] }));
    const came = await takeOver(page).send(...asks);
    expect(came.at(-1)).toMatchObject({ kind: 'close' });
    expect(await takeOver(page).call('about', {})).toMatchObject({ ok: true });
  });

  test('F102, F107: asks for paths instead of ids, and is refused', async () => {
    const taken = takeOver(page);
    for (const wrong of [
      '../../../etc',
      '/etc',
      'codex-backup-../..',
      'latest/../..',
      '%2e%2e%2f',
      'C:\\',
      'a\0b',
      '',
    ]) {
      for (const name of ['snapshot', 'showInFolder', 'verify']) {
        expect(await taken.call(name, { id: wrong })).toMatchObject({ ok: false, error: { code: 'usage' } });
      }
    }
    const [snapshot] = await place.engine().list();
    const path = '../manifest.json';
    expect(await taken.call('preview', { id: snapshot?.id, path })).toMatchObject({ ok: false });
  });

  test('F103: sends names that would reach a prototype, and its channel is closed', async () => {
    for (const payload of ['{"__proto__":{"isAdmin":true}}', '{"id":{"__proto__":{"x":1}}}']) {
      const text = `{"t":"q","m":"call","i":"x","a":[1,"snapshot",${payload}]}`;
      expect(await takeOver(page).send(text)).toMatchObject([{ kind: 'close' }]);
    }
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(await takeOver(page).call(name, {})).toMatchObject({ ok: false, error: { code: 'usage' } });
    }
    const getter = `codexBackup.post({ get kind() { throw new Error('a getter') }, channel: '1' })`;
    expect(await page.evaluate(`(() => { try { ${getter} } catch (error) { return error.message } })()`)).toBe(
      'a getter',
    );
  });

  test('F104: a frame within it, and one that has gone, are not heard, and the page itself still is', async () => {
    await page.evaluate(`new Promise((loaded) => {
      const frame = document.createElement('iframe');
      frame.onload = loaded;
      document.body.append(frame);
    })`);
    const [, inner] = page.frames();
    expect(await inner?.evaluate('[typeof codexBackup, location.href, origin]')).toEqual(
      expect.arrayContaining(['undefined', 'about:blank']),
    );
    for (const frame of ['child', 'none'] as const) {
      const forged = { windowId: id, frame, args: [] };
      expect(await app.desktop.forge({ ...forged, channel: 'choose-folder', args: ['Choose'] })).toBe('refused');
      const before = place.log().split('Refused a message').length;
      await app.desktop.forge({ ...forged, channel: 'bridge', args: [{ kind: 'open', channel: '77' }] });
      await expect.poll(() => place.log().split('Refused a message').length, patient).toBe(before + 1);
    }
    expect(await app.desktop.channels()).toEqual(expect.arrayContaining(['bridge', 'choose-folder']));
    await page.evaluate(`document.querySelector('iframe').remove()`);
    await page.getByRole('button', { name: 'Back up now' }).waitFor();
  });

  test('F105: leaves for another page, opens windows, asks for permissions, and stays where it is', async () => {
    const address = page.url();
    for (const target of [
      'https://example.org/',
      'http://127.0.0.1:9/',
      'file:///etc/passwd',
      'data:text/html,<h1>Gone</h1>',
    ]) {
      await page.evaluate(`void (location.href = ${JSON.stringify(target)})`);
      await page.evaluate(`void window.open(${JSON.stringify(target)})`);
      const form = `const form = document.createElement('form'); form.action = ${JSON.stringify(target)}; document.body.append(form); form.submit(); form.remove();`;
      await page.evaluate(`{ ${form} }`);
    }
    await page.evaluate(
      `{ const link = document.createElement('a'); link.href = 'https://example.org/'; link.target = '_blank'; document.body.append(link); link.click(); link.remove(); }`,
    );
    expect(await page.evaluate(`fetch('https://example.org/').then(() => 'reached', () => 'refused')`)).toBe('refused');
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'fileSystem',
    ]) {
      expect(await app.desktop.permits(permission)).toEqual([false, false]);
    }
    expect(page.url()).toBe(address);
    expect(await app.desktop.windows()).toHaveLength(1);
    await page.getByRole('button', { name: 'Back up now' }).waitFor();
  });

  test('F106: names and contents of files are text, and markup becomes neither an element nor a script', async () => {
    complaints.length = 0;
    const [snapshot] = await place.engine().list();
    await page.evaluate(`location.hash = '#/snapshot/${snapshot?.id}'`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('tab', { name: /Files|Contents/ }).click();
    await page.getByText('codex-hands', { exact: true }).first().click();
    await page.getByText(markup.replaceAll('/', ''), { exact: false }).first().waitFor();
    expect(await page.locator('img[src=x]').count()).toBe(0);
    expect(complaints).toEqual([]);
    const refused = `(() => { try { document.body.innerHTML = '<b>x</b>'; return 'set' } catch (error) { return error.name } })()`;
    expect(await page.evaluate(refused)).toBe('TypeError');
    const inline = `new Promise((told) => {
      addEventListener('securitypolicyviolation', (event) => told(event.violatedDirective));
      const script = document.createElement('script');
      script.textContent = trustedTypes.createPolicy('any', { createScript: (text) => text }).createScript('globalThis.hacked = 1');
      document.body.append(script);
    })`;
    expect(await page.evaluate(inline)).toMatch(/script-src/);
    expect(await page.evaluate('typeof hacked')).toBe('undefined');
  });

  test('F104: a page of another origin in a window of ours has the bridge, and is not heard', async () => {
    await app.desktop.load(id, 'data:text/html,<h1>Elsewhere</h1>');
    const elsewhere = await app.page(id);
    expect(await elsewhere.evaluate('[document.body.textContent, typeof codexBackup]')).toEqual([
      'Elsewhere',
      'object',
    ]);
    const asked = `codexBackup.chooseFolder('Choose').then(() => 'answered', () => 'refused')`;
    expect(await elsewhere.evaluate(asked)).toBe('refused');
    const before = place.log().split('Refused a message').length;
    await elsewhere.evaluate(`codexBackup.post({ kind: 'open', channel: '1' })`);
    await expect.poll(() => place.log().split('Refused a message').length, patient).toBe(before + 1);
  });
});
