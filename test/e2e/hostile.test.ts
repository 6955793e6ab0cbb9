import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tokenStorageKey } from '../../src/shared/protocol/web.ts';
import { describeInBrowser } from './support/browser.ts';
import { useStage } from './support/stage.ts';

const timeout = 120_000;

/** A page of somebody else on this computer; answers its address. */
async function servePage(html: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
}

describeInBrowser('a panel among hostile pages', (browser) => {
  const stage = useStage(browser, async ({ engine }) => void (await engine().run({ trigger: 'manual' })));

  test('F104, G112, G113: a page of somebody else can not frame it, ask it, listen to it or reach a window of it', {
    timeout,
  }, async () => {
    const { open } = stage();
    const { page, panel } = await open();
    const hostile = await servePage(`<iframe src="${panel.origin}/"></iframe><p>hostile</p>`);
    const other = await page.context().newPage();
    const refused: number[] = [];
    other.on('response', (response) => {
      if (response.url().startsWith(panel.origin)) refused.push(response.status());
    });
    await other.goto(hostile);
    await other.getByText('hostile').waitFor();
    // The frame was asked for, and nothing of the panel is in it.
    await expect.poll(() => refused).toEqual([403]);
    expect((await other.frames()[1]?.content())?.includes('id="panel"')).toBe(false);
    const tried: Record<string, string> = await other.evaluate(`(async () => {
      const answerOf = async (work) => { try { return String(await work()); } catch (error) { return error.name; } };
      return {
        get: await answerOf(async () => (await fetch('${panel.origin}/')).status),
        post: await answerOf(async () => (await fetch('${panel.origin}/api/session',
          { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: '{"code":"x"}' })).type),
        socket: await answerOf(() => new Promise((resolve) => {
          const socket = new WebSocket('${panel.origin.replace('http', 'ws')}/api/socket');
          socket.onopen = () => resolve('open');
          socket.onerror = () => resolve('refused');
        })),
        window: await answerOf(() => { const opened = open('${panel.origin}/'); return opened === null || opened.document.body.innerText; }),
      };
    })()`);
    expect(tried).toMatchObject({ get: 'TypeError', post: 'TypeError', socket: 'refused' });
    expect(tried['window']).not.toContain('Protected');
    expect(refused.every((status) => status === 403 || status === 415)).toBe(true);
    await other.close();
  });

  test('F105: what is dropped on it does not replace it, and it may use neither camera nor microphone', {
    timeout,
  }, async () => {
    const { open } = stage();
    const { page } = await open();
    await page.locator('.snap').first().waitFor();
    const dropped = await page.evaluate(`(() => {
      const data = new DataTransfer();
      data.items.add(new File(['<h1>other</h1>'], 'other.html', { type: 'text/html' }));
      const drop = (type, dataTransfer) => !document.querySelector('.snap')
        .dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
      const link = new DataTransfer();
      link.setData('text/uri-list', 'https://evil.example/');
      return [drop('dragover', data), drop('drop', data), drop('dragover', link), drop('drop', link)];
    })()`);
    expect(dropped).toEqual([true, true, true, true]);
    const allowed = await page.evaluate(
      `['camera', 'microphone', 'geolocation', 'usb', 'serial'].filter((one) => document.featurePolicy.allowsFeature(one))`,
    );
    expect(allowed).toEqual([]);
  });

  test('G114: neither code nor token is in the address, the history, a cookie, a referrer or a file of the app home', {
    timeout,
  }, async () => {
    const { place, open, openSecond } = stage();
    const first = await open();
    const code = new URLSearchParams(new URL(first.panel.address).hash.slice(1)).get('code') ?? '';
    expect(code).toHaveLength(43);
    const token = String(await first.page.evaluate(`sessionStorage.getItem('${tokenStorageKey}')`));
    expect(token).toHaveLength(43);
    const second = await openSecond(first);
    const asked: string[] = [];
    second.page.on('request', (request) => {
      const { referer = '' } = request.headers();
      asked.push(`${request.url()} ${referer}`);
    });
    await second.go('#/activity');
    await second.page.reload();
    await second.page.locator('h1').first().waitFor();
    expect(asked.length).toBeGreaterThan(2);
    await first.go('#/settings');
    await first.page.goBack();
    const told = [
      first.page.url(),
      second.page.url(),
      String(await first.page.evaluate('document.cookie + document.referrer + JSON.stringify(history.state)')),
      ...asked,
      JSON.stringify(await first.page.context().cookies()),
      ...readdirSync(place.home, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')),
    ];
    expect(told.filter((text) => text.includes(code) || text.includes(token))).toEqual([]);
    // Back before its first view is out of the panel, and not at an address with the code.
    await first.page.goBack();
    expect(first.page.url()).not.toContain('code=');
  });
});
