import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askAxe } from './support/ask-axe.ts';
import { describeInBrowser } from './support/browser.ts';
import { useStage } from './support/stage.ts';

const timeout = 150_000;

describeInBrowser('a panel that is killed in the middle of a restore', (browser) => {
  const stage = useStage(browser, async ({ engine }) => void (await engine().run({ trigger: 'manual' })));

  test('offers first thing at its next start to end it, and puts everything back', { timeout }, async () => {
    const { place, open } = stage();
    const source = join(place.root, 'codex-bridge/src/index.js');
    const newer = `${readFileSync(source, 'utf8')}\n// newer\n`;
    writeFileSync(source, newer);
    const [snapshot] = await place.engine().list();
    const first = await open({
      env: { CODEX_BACKUP_FAIL_POINT: 'kill:change:1:after' },
      hash: `#/restore/${snapshot?.id}`,
    });
    const { page } = first;
    await page.getByRole('radio', { name: /^The code only/ }).check();
    await page.getByRole('checkbox', { name: /^Stop Codex, rebuild/ }).uncheck();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'This is what would happen' }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: /^Restore to / }).click();
    await page.getByText('Connection lost,').waitFor();
    expect(first.panel.child.signalCode).toBe('SIGKILL');
    await first.close();
    // That its requests failed is what the browser has to tell.
    first.complaints.length = 0;
    expect(await place.engine().restores()).toMatchObject([{ state: 'interrupted' }]);

    const next = await open();
    const offer = next.page.getByRole('dialog', { name: 'A restore was interrupted' });
    await offer.waitFor();
    expect(await askAxe(next.page)).toEqual([]);
    await offer.getByRole('button', { name: 'Finish or roll back' }).click();
    const stored = place.engine();
    await expect
      .poll(() => stored.restores(), { timeout: 60_000, interval: 50 })
      .toMatchObject([{ state: 'rolled-back' }]);
    expect(readFileSync(source, 'utf8')).toBe(newer);
    await offer.waitFor({ state: 'detached' });
  });
});
