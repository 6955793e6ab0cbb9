import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { describeInBrowser } from './support/browser.ts';
import { useStage } from './support/stage.ts';

const timeout = 120_000;
const markup = '<img src=x onerror=console.error(1)>';

describeInBrowser('a snapshot', (browser) => {
  const stage = useStage(browser, async ({ engine, root, info }) => {
    mkdirSync(join(root, 'codex-hands/src/notes'));
    writeFileSync(join(root, 'codex-hands/src/notes', '<b onclick=alert(1)>.txt'), `first line\n${markup}\n`);
    const brain = new Database(info.brain);
    brain
      .prepare("INSERT INTO events (sessionId, kind, json, createdAt) VALUES ('s', 'TurnAppended', ?, ?)")
      .run(JSON.stringify({ text: `zanzibar ${markup}` }), new Date().toISOString());
    brain.close();
    await engine().run({ trigger: 'manual' });
  });

  test('F106: a file is found in the tree, read, compared with now and downloaded; its name and text are never markup', {
    timeout,
  }, async () => {
    const { place, open } = stage();
    const [snapshot] = await place.engine().list();
    const { page } = await open({ hash: `#/snapshot/${snapshot?.id}` });
    const tree = page.getByRole('tree', { name: 'Files in this snapshot' });
    for (const name of ['codex-hands', 'src', 'notes']) {
      await tree.getByRole('treeitem').filter({ hasText: name }).first().click();
    }
    await tree.getByRole('treeitem').filter({ hasText: '<b onclick=alert(1)>.txt' }).click();
    const text = page.getByRole('region', { name: /^Text of / });
    await text.getByText(markup).waitFor();
    const file = join(place.root, 'codex-hands/src/notes', '<b onclick=alert(1)>.txt');
    writeFileSync(file, `first line\nanother line\n`);
    // The button stays chosen from the click on: it leads to another address, and jumped back until that was noticed.
    const isChosen = await page.evaluate(`(() => {
      const labels = [...document.querySelectorAll('.segment')];
      const radio = labels.find(({ textContent }) => textContent === 'Against now').querySelector('input');
      radio.click();
      return radio.checked;
    })()`);
    expect(isChosen).toBe(true);
    const diff = page.getByRole('region', { name: /^What differs in / });
    await diff.getByText('another line').waitFor();
    await diff.getByText(markup).waitFor();
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    const download = await coming;
    expect(readFileSync(await download.path(), 'utf8')).toBe(`first line\n${markup}\n`);
    expect(await page.locator('img').count()).toBe(0);
  });

  test('a filter finds files by the words of their paths', { timeout }, async () => {
    const { place, open } = stage();
    const [snapshot] = await place.engine().list();
    const { page } = await open({ hash: `#/snapshot/${snapshot?.id}` });
    await page.getByRole('searchbox', { name: 'Filter files' }).fill('brain index.js');
    const found = page.getByRole('tree', { name: 'Files found' });
    await found.getByRole('treeitem').first().waitFor();
    const { total } = await place.engine().findFiles('latest', 'brain index.js');
    await expect.poll(() => found.getByRole('treeitem').count(), { timeout: 30_000 }).toBe(total);
  });

  test('the Brain tells its tables and newest memories, and a search finds what the snapshot remembers', {
    timeout,
  }, async () => {
    const { place, open } = stage();
    const [snapshot] = await place.engine().list();
    const { page } = await open({ hash: `#/snapshot/${snapshot?.id}/brain` });
    const events = snapshot?.brain?.tables.find(({ name }) => name === 'events');
    await page
      .getByRole('row', { name: /events/ })
      .getByText(new Intl.NumberFormat('en-US').format(events?.rows ?? 0), { exact: true })
      .first()
      .waitFor();
    await page.getByRole('searchbox', { name: 'Search the memories' }).fill('zanzibar');
    const hits = page.getByRole('list', { name: 'Found memories' }).getByRole('listitem');
    await hits.filter({ hasText: markup }).waitFor();
    const { hits: stored } = await place.engine().search('zanzibar');
    expect(await hits.count()).toBe(stored.length);
    expect(await page.locator('img').count()).toBe(0);
  });
});
