import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { describeOnHosts } from '../driver/hosts.ts';
import { type AppPlace, createAppPlace } from '../support/app-place.ts';
import { patiently, untilReady } from '../support/app-windows.ts';

const timeout = 240_000;
const patient = { timeout: 120_000, interval: 50 };

describeOnHosts('ends of the app', (host) => {
  /** With a snapshot: without any, the watcher would take one by itself, a minute after its first look. */
  async function preparePlace() {
    const place = await createAppPlace(host);
    onTestFinished(() => place.dispose());
    const { id: first } = await place.engine().run({ trigger: 'manual' });
    const stored = async () => (await place.engine().list()).map(({ id }) => id);
    return { place, first, stored };
  }

  /** An app whose snapshot is held by its check process, which waits for a file to be gone. */
  async function beginSnapshot(place: AppPlace, more: NodeJS.ProcessEnv = {}) {
    const held = join(place.base, 'held');
    rmSync(held, { force: true });
    const env = { CODEX_BACKUP_FAIL_POINT: `hold:check:begin:${held}`, ...more };
    const app = await place.launch({ args: ['--hidden'], env });
    await untilReady(app);
    await app.desktop.choose('back-up');
    await patiently('the snapshot is held', () => existsSync(held));
    onTestFinished(() => rmSync(held, { force: true }));
    expect(place.leftovers()).toHaveLength(1);
    return app;
  }

  test('F93: quit in a snapshot leaves nothing half-made, and nobody running', { timeout }, async () => {
    const { place, first, stored } = await preparePlace();
    const app = await beginSnapshot(place);
    await app.desktop.choose('quit');
    expect(await app.ended).toEqual({ code: 0, signal: null });
    await expect.poll(() => place.processes(), patient).toEqual([]);
    expect(place.leftovers()).toEqual([]);
    expect(await stored()).toEqual([first]);
  });

  test('F93, F100: killed, asked to end or at a shutdown in a snapshot, nobody is left, and the next start sweeps', {
    timeout,
  }, async () => {
    const { place, first, stored } = await preparePlace();
    const asked = await beginSnapshot(place);
    asked.child.kill('SIGTERM');
    await asked.ended;
    await expect.poll(() => place.processes(), patient).toEqual([]);
    expect(place.leftovers()).toEqual([]);
    const shutDown = await beginSnapshot(place);
    expect(await shutDown.desktop.power('shutdown')).toBe(false);
    await shutDown.ended;
    expect(place.leftovers()).toEqual([]);

    // Not ended by Chromium either: then the engine has to notice by itself.
    const killed = await beginSnapshot(place, { ELECTRON_HOST_ORPHANS: '1' });
    expect(place.processes().length).toBeGreaterThan(2);
    killed.child.kill('SIGKILL');
    await killed.ended;
    // Not let go before the engine has noticed: it would end the snapshot well.
    const held = join(place.base, 'held');
    const holder = Number(readFileSync(held, 'utf8'));
    await expect.poll(() => place.processes().filter((pid) => pid !== holder), patient).toEqual([]);
    rmSync(held);
    await expect.poll(() => place.processes(), patient).toEqual([]);
    expect(await stored()).toEqual([first]);

    const next = await place.launch({ args: ['--backup', '--hidden'] });
    await expect.poll(async () => (await stored()).length, patient).toBe(2);
    expect(place.leftovers()).toEqual([]);
    expect(await next.desktop.notifications()).toEqual([]);
  });
});
