import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askAxe } from './support/ask-axe.ts';
import { describeInBrowser } from './support/browser.ts';
import { type Stage, useStage } from './support/stage.ts';

const timeout = 150_000;
const patient = { timeout: 60_000, interval: 50 };

/** Restores the code in a panel whose process is killed after its first change; answers the file, and what it held. */
async function killDuringRestore({ place, open }: Stage) {
  const file = join(place.root, 'codex-bridge/src/index.js');
  const newer = `${readFileSync(file, 'utf8')}\n// newer\n`;
  writeFileSync(file, newer);
  const stored = place.engine();
  const [snapshot] = await stored.list();
  const env = { CODEX_BACKUP_FAIL_POINT: 'kill:change:1:after' };
  const killed = await open({ env, hash: `#/restore/${snapshot?.id}` });
  const { page } = killed;
  await page.getByRole('radio', { name: /^The code only/ }).check();
  await page.getByRole('checkbox', { name: /^Stop Codex, rebuild/ }).uncheck();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'This is what would happen' }).waitFor();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: /^Restore to / }).click();
  await page.getByText('Connection lost,').waitFor();
  await expect.poll(() => killed.panel.child.signalCode, patient).toBe('SIGKILL');
  await expect.poll(() => stored.restores(), patient).toMatchObject([{ state: 'interrupted' }]);
  await page.goto('about:blank');
  // That its requests failed is what the browser has to tell.
  killed.complaints.length = 0;
  return { file, newer };
}

describeInBrowser('a panel that was killed in the middle of a restore', (browser) => {
  const stage = useStage(browser, async ({ engine }) => void (await engine().run({ trigger: 'manual' })));

  test('puts everything back when it starts again and watches, and Activity tells it', { timeout }, async () => {
    const { place, open } = stage();
    const { file, newer } = await killDuringRestore(stage());
    const { page } = await open({ hash: '#/activity' });
    const stored = place.engine();
    await expect.poll(() => stored.restores(), patient).toMatchObject([{ state: 'rolled-back' }]);
    expect(readFileSync(file, 'utf8')).toBe(newer);
    await page.getByText(/was interrupted and was rolled back/).waitFor();
  });

  test('offers first thing to end it where another process watches, and then puts everything back', {
    timeout,
  }, async () => {
    const { place, open } = stage();
    const controller = new AbortController();
    const stored = place.engine();
    const looked = Promise.withResolvers<void>();
    const watching = stored.watch({ signal: controller.signal, onEvent: () => looked.resolve() });
    try {
      await looked.promise;
      const { file, newer } = await killDuringRestore(stage());
      const { page } = await open();
      const offer = page.getByRole('dialog', { name: 'A restore was interrupted' });
      await offer.waitFor();
      expect(await askAxe(page)).toEqual([]);
      await offer.getByRole('button', { name: 'Finish or roll back' }).click();
      await expect.poll(() => stored.restores(), patient).toMatchObject([{ state: 'rolled-back' }]);
      expect(readFileSync(file, 'utf8')).toBe(newer);
      await offer.waitFor({ state: 'detached' });
    } finally {
      controller.abort();
      await watching;
    }
  });
});
