import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { launcher } from '../cli/support/spawn-cli.ts';
import { waitUntil } from '../helpers/sample.ts';
import { chooseWorkerPorts } from '../helpers/worker-ports.ts';
import { askAxe } from './support/ask-axe.ts';
import { createBreakableLine } from './support/breakable-line.ts';
import { describeInBrowser } from './support/browser.ts';
import { useStage } from './support/stage.ts';

const timeout = 120_000;
const patient = { timeout: 30_000, interval: 50 };

describeInBrowser('overview', (browser) => {
  const stage = useStage(browser, async ({ engine }) => {
    const own = engine();
    for (let count = 0; count < 2; count += 1) await own.run({ trigger: 'manual' });
  });

  test('a click takes a snapshot, and the list shows what is stored', { timeout }, async () => {
    const { place, open } = stage();
    const { page } = await open();
    await page.getByRole('button', { name: 'Back up now' }).click();
    const stored = place.engine();
    await expect.poll(async () => (await stored.list()).length, patient).toBe(3);
    const [newest] = await stored.list();
    expect(newest).toMatchObject({ trigger: 'manual', status: 'verified' });
    expect(newest?.brain?.integrity).toBe('ok');
    await expect.poll(() => page.locator('.snap').count(), patient).toBe(3);
    await page.getByRole('button', { name: 'Back up now' }).waitFor();
  });

  test('a snapshot that one window began is shown by a second one, cancelled there, and leaves nothing', {
    timeout,
  }, async () => {
    const { place, open, openSecond } = stage();
    const held = join(place.base, 'held');
    const first = await open({ env: { CODEX_BACKUP_FAIL_POINT: `hold:check:begin:${held}` } });
    const second = await openSecond(first);
    await first.page.getByRole('button', { name: 'Back up now' }).click();
    for (const { page } of [first, second]) await page.getByRole('heading', { name: 'Backing up' }).waitFor();
    await waitUntil('the check is held', () => existsSync(held));
    const partial = () => readdirSync(join(place.root, 'backups')).filter((name) => /^\.(partial|trash)-/.test(name));
    expect(partial()).toHaveLength(1);
    await second.page.getByRole('button', { name: 'Cancel' }).click();
    for (const { page } of [first, second]) await page.getByRole('button', { name: 'Back up now' }).waitFor();
    rmSync(held, { force: true });
    expect(await place.engine().list()).toHaveLength(2);
    expect(partial()).toEqual([]);
  });

  test('the menu of a row pins, notes, verifies and removes what is stored', { timeout }, async () => {
    const { place, open } = stage();
    const stored = place.engine();
    const { page } = await open();
    const choose = async (name: string, row = 0) => {
      await page
        .getByRole('button', { name: /^More for/ })
        .nth(row)
        .click();
      await page.getByRole('menuitem', { name, exact: true }).click();
    };
    const [newest] = await stored.list();
    await choose('Pin');
    await expect.poll(async () => (await stored.list())[0]?.pinned, patient).toBe(true);
    await page.getByRole('button', { name: /^Unpin/ }).waitFor();

    const note = '<img src=x onerror="console.error(1)"> & <b>bold</b>';
    await choose('Note…');
    await page.getByRole('textbox', { name: 'Note' }).fill(note);
    expect(await askAxe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    // The text is first seen in the field itself.
    await expect.poll(async () => (await stored.list())[0]?.note, patient).toBe(note);
    await page.getByText(note, { exact: true }).waitFor();

    await choose('Verify');
    await expect.poll(async () => (await stored.show('latest')).checks, patient).toMatchObject([{ ok: true }]);

    await choose('Unpin');
    await expect.poll(async () => (await stored.list())[0]?.pinned, patient).toBe(false);
    await page.getByRole('button', { name: /^Unpin/ }).waitFor({ state: 'detached' });
    await choose('Remove…');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText(/is the newest good one, and is kept/).waitFor();
    expect(await askAxe(page)).toEqual([]);
    expect(await stored.list()).toHaveLength(2);
    await page.getByRole('button', { name: 'Cancel' }).click();

    await choose('Remove…', 1);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect.poll(() => page.locator('.snap').count(), patient).toBe(1);
    expect((await stored.list()).map(({ id }) => id)).toEqual([newest?.id]);
  });

  test('a restore at the command line is told, and nothing can be backed up until it has ended', {
    timeout,
  }, async () => {
    const { place, open } = stage();
    const held = join(place.base, 'held');
    const { page } = await open();
    await page.getByRole('button', { name: 'Back up now', disabled: false }).waitFor();
    appendFileSync(join(place.root, 'codex-bridge/src/index.js'), '// newer\n');
    const restore = ['restore', 'latest', '--only', 'code', '--no-services', '--yes', '--root', place.root];
    const child = spawn(process.execPath, [launcher, ...restore], {
      env: { ...place.env, CODEX_BACKUP_FAIL_POINT: `hold:change:1:after:${held}` },
      stdio: 'ignore',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'exit');
    await waitUntil('the restore is held', () => existsSync(held), child);
    await page.getByRole('heading', { name: 'Restoring', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Back up now', disabled: true }).waitFor();
    rmSync(held);
    expect(await ended).toEqual([0, null]);
    await page.getByRole('button', { name: 'Back up now', disabled: false }).waitFor();
    expect(await place.engine().restores()).toMatchObject([{ state: 'restored' }]);
  });

  test('a line that breaks is said to be lost; mended, the window connects by itself and shows what came meanwhile', {
    timeout,
  }, async () => {
    const { place, open } = stage();
    const line = await createBreakableLine();
    onTestFinished(() => line.close());
    const first = await open({ context: { proxy: line.proxy } });
    await expect.poll(() => first.page.locator('.snap').count(), patient).toBe(2);
    line.cut();
    await first.page.getByText('Connection lost,').waitFor();
    await place.engine().run({ trigger: 'manual' });
    line.mend();
    await expect.poll(() => first.page.locator('.snap').count(), patient).toBe(3);
    await first.page.getByText('Connection lost,').waitFor({ state: 'detached' });
    // That requests failed meanwhile is what the browser has to tell.
    first.complaints.length = 0;
  });

  test('a panel that was killed is said to be lost; a new one at its port lets no old window in, and a new one sees all', {
    timeout,
  }, async () => {
    const { place, open } = stage();
    // One of ours: a port of the system's choice may be given to somebody else meanwhile.
    const { desktop: port } = await chooseWorkerPorts();
    const parameters = ['--root', place.root, '--port', `${port}`];
    const first = await open({ parameters });
    // A window that was never let in has no connection to lose.
    await expect.poll(() => first.page.locator('.snap').count(), patient).toBe(2);
    await first.panel.kill();
    await first.page.getByText('Connection lost,').waitFor();
    const next = await open({ parameters });
    await expect.poll(() => next.page.locator('.snap').count(), patient).toBe(2);
    await first.page.getByText(/This window is not known any more/).waitFor();
    // That the old window's requests failed is what the browser has to tell.
    first.complaints.length = 0;
  });
});
