import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AppDriver } from '../driver/app-driver.ts';
import { describeOnHosts } from '../driver/hosts.ts';
import { type AppPlace, createAppPlace } from '../support/app-place.ts';
import { shownWindow, untilReady } from '../support/app-windows.ts';
import { takeOver } from '../support/taken-over-page.ts';

const patient = { timeout: 120_000, interval: 50 };
const address = 'app://codex-backup/index.html';
const markup = '<img src=x onerror="console.error(1)">';
const folderName = '<b onclick=alert(1)>folder';
const fileName = `${markup}.txt`;

describeOnHosts('a page of the app that an attacker has taken over', (host) => {
  let place: AppPlace;
  let app: AppDriver;
  let id: number;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    place = await createAppPlace(host);
    const folder = join(place.root, 'codex-hands', folderName);
    mkdirSync(folder);
    writeFileSync(join(folder, fileName), markup);
    await place.engine().run({ trigger: 'manual' });
    app = await place.launch({ args: ['--hidden'] });
    await untilReady(app);
    await app.desktop.choose('open');
    ({ id, page } = await shownWindow(app, 'main'));
    page.on('console', (message) => complaints.push(message.text()));
  }, 240_000);
  // A page that has spoken over its own client has lost it.
  beforeEach(async () => {
    await app.desktop.load(id, address);
    await page.getByRole('button', { name: 'Back up now' }).waitFor();
  });
  afterEach(async () => {
    // Whatever it tried: the app lives, its engine too, and nothing was opened, shown or changed by it.
    expect(await app.desktop.utilities()).toHaveLength(1);
    expect(await app.desktop.opened()).toEqual([]);
    expect(await app.desktop.dialogs()).toEqual([]);
    expect(await place.engine().list()).toMatchObject([{ trigger: 'manual', pinned: false, note: '' }]);
  });
  afterAll(() => place.dispose(), 60_000);

  test('has five functions of ours, frozen, and nothing of Node or Electron', async () => {
    const has = `[Object.keys(codexBackup).sort(), Object.isFrozen(codexBackup), typeof require, typeof process, typeof module]`;
    const names = ['chooseFolder', 'notifications', 'onGo', 'onMessage', 'post'];
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
    const channels = await app.desktop.channels();
    expect(channels).toEqual(expect.arrayContaining(['bridge', 'choose-folder', 'notifications']));
    await page.evaluate('codexBackup.onMessage(({ channel }) => (globalThis.heard ??= []).push(channel))');
    for (const frame of ['child', 'none'] as const) {
      for (const channel of channels.filter((name) => name !== 'bridge')) {
        expect(await app.desktop.forge({ windowId: id, frame, channel, args: ['Choose'] })).toBe('refused');
      }
      const message = { kind: 'open', channel: '77' };
      await app.desktop.forge({ windowId: id, frame, channel: 'bridge', args: [message] });
    }
    // Answers come in order: this one after any to the forged ones.
    expect(await takeOver(page).call('about', {})).toMatchObject({ ok: true });
    expect(await page.evaluate('globalThis.heard')).not.toContain('77');
    await page.evaluate(`document.querySelector('iframe').remove()`);
    await page.getByRole('button', { name: 'Back up now' }).waitFor();
  });

  test('F106: names and contents of files are text, and markup becomes neither an element nor a script', async () => {
    complaints.length = 0;
    const [snapshot] = await place.engine().list();
    await page.evaluate(`void (location.hash = '#/snapshot/${snapshot?.id}')`);
    const tree = page.getByRole('tree', { name: 'Files in this snapshot' });
    for (const name of ['codex-hands', folderName, fileName]) {
      await tree.getByRole('treeitem').filter({ hasText: name }).first().click();
    }
    await page
      .getByRole('region', { name: /^Text of / })
      .getByText(markup)
      .waitFor();
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

  test('F105: leaves for another page, opens windows, asks for permissions, and stays where it is', async () => {
    const before = page.url();
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
    expect(page.url()).toBe(before);
    expect(await app.desktop.windows()).toHaveLength(1);
    // Playwright would wait for the end of what was stopped.
    expect(await page.evaluate(`document.body.textContent.includes('Back up now')`)).toBe(true);
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
    await elsewhere.evaluate(`codexBackup.post({ kind: 'open', channel: '1' })`);
    await elsewhere.evaluate('void codexBackup.onMessage((message) => (globalThis.heard ??= []).push(message))');
    // What every page of ours is told of.
    await app.desktop.choose('pause-hour');
    await expect.poll(async () => (await app.desktop.menu()).map(({ id: item }) => item), patient).toContain('resume');
    expect(await elsewhere.evaluate(asked)).toBe('refused');
    expect(await elsewhere.evaluate('globalThis.heard')).toBeUndefined();
  });
});
