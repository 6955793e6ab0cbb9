import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AppDriver } from '../driver/app-driver.ts';
import { describeOnHosts } from '../driver/hosts.ts';
import { type AppPlace, createAppPlace } from '../support/app-place.ts';
import { findWindow, shownWindow, untilReady } from '../support/app-windows.ts';

const patient = { timeout: 120_000, interval: 50 };
const inTheEnd = { code: 0, signal: null };

describeOnHosts('starts of the app', (host) => {
  let place: AppPlace;
  let app: AppDriver;
  const startAgain = async (...args: readonly string[]) => (await place.launch({ args })).ended;
  beforeAll(async () => {
    place = await createAppPlace(host);
    await place.engine().run({ trigger: 'manual' });
    app = await place.launch();
    await untilReady(app);
  }, 240_000);
  beforeEach(async () => {
    for (const { id, isVisible } of await app.desktop.windows()) if (isVisible) await app.desktop.closeWindow(id);
  });
  afterAll(() => place.dispose(), 60_000);

  test('the first shows the panel', async () => {
    expect(place.log()).toContain('The engine process');
    expect((await app.desktop.windows()).length).toBeLessThanOrEqual(1);
  });

  test('a second shows the panel of the first, and ends', async () => {
    expect(await startAgain()).toEqual(inTheEnd);
    await shownWindow(app, 'panel');
    expect(place.processes().filter((pid) => pid === app.child.pid)).toHaveLength(1);
  });

  test('--hidden and --boot show nothing', async () => {
    for (const word of ['--hidden', '--boot']) expect(await startAgain(word)).toEqual(inTheEnd);
    expect((await app.desktop.windows()).filter(({ isVisible }) => isVisible)).toEqual([]);
  });

  test('--backup has the first take a snapshot, and shows nothing', async () => {
    expect(await startAgain('--backup')).toEqual(inTheEnd);
    await expect.poll(async () => (await place.engine().list()).length, patient).toBe(2);
    expect((await app.desktop.windows()).filter(({ isVisible }) => isVisible)).toEqual([]);
  });

  test('--restore ID has the first show what that would do', async () => {
    const [, oldest] = await place.engine().list();
    expect(await startAgain('--restore', oldest?.id ?? '')).toEqual(inTheEnd);
    const { page } = await shownWindow(app, 'main');
    await page.getByRole('heading', { name: 'What should come back?' }).waitFor();
    expect(page.url()).toContain(`#/restore/${oldest?.id}`);
  });

  test('F108: hostile arguments are no more than a second start', async () => {
    const hostile = [
      ['--restore', '../../etc/passwd'],
      ['--restore=codex-backup-<img src=x onerror=alert(1)>'],
      ['--restore', 'a'.repeat(100_000), '--backup=no'],
      ['--restore', '', '__proto__', '{"kind":"quit"}', '--eval=process.exit(1)'],
    ];
    const ends = await Promise.all(hostile.map((args) => startAgain(...args)));
    expect(ends).toEqual(hostile.map(() => inTheEnd));
    await shownWindow(app, 'panel');
    expect(await findWindow(app, 'main')).toBeUndefined();
    expect(await place.engine().list()).toHaveLength(2);
  });

  test('F108: of ten starts at once, one runs, and the others end well', async () => {
    await app.desktop.quit();
    await app.ended;
    const starts = await Promise.all(Array.from({ length: 10 }, () => place.launch({ args: ['--hidden'] })));
    const ends: unknown[] = [];
    for (const start of starts) void start.ended.then((end) => ends.push(end));
    await expect.poll(() => ends.length, patient).toBe(9);
    expect(ends).toEqual(Array.from({ length: 9 }, () => inTheEnd));
    const [running] = starts.filter(({ child }) => child.exitCode === null && child.signalCode === null);
    if (running === undefined) throw new Error('one of them runs');
    await untilReady(running);
    expect(await running.desktop.utilities()).toHaveLength(1);
  });
});
