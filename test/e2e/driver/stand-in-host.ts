import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Told } from '../../electron-host/control.ts';
import { type AppDriver, type AppHost, createRemoteDesktop, type LaunchOptions } from './app-driver.ts';

const boot = join(import.meta.dirname, '../../electron-host/boot.ts');
const endLimitMs = 10_000;

/** Runs the built app on Node, with pages in Chromium: where there is no Electron. */
export const standInHost: AppHost = {
  name: 'the stand-in for Electron',
  launch: async ({ main, args = [], env, desktop = {} }: LaunchOptions): Promise<AppDriver> => {
    const child = spawn(process.execPath, [boot, main, ...args], {
      env: { ...env, CODEX_BACKUP_DESKTOP: JSON.stringify(desktop) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const written = collectOutput(child);
    const ended = new Promise<Awaited<AppDriver['ended']>>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const ask = createAsk(child, ended, written);
    let browser: Promise<Browser> | undefined;
    return {
      desktop: createRemoteDesktop(ask),
      child,
      ended,
      written,
      page: async (windowId) => {
        const { endpoint, targetId } = (await ask('pageOf', [windowId])) as { endpoint: string; targetId: string };
        browser ??= chromium.connectOverCDP(endpoint);
        return findPage(await browser, targetId);
      },
      dispose: async () => {
        // Its end of the channel is what the app ends by.
        if (child.connected) child.disconnect();
        const limit = setTimeout(endLimitMs, undefined, { ref: false }).then(() => child.kill('SIGKILL'));
        await Promise.race([ended, limit]);
        await ended;
        await (await browser)?.close();
      },
    };
  },
};

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return () => text;
}

function createAsk(child: ChildProcess, ended: AppDriver['ended'], written: () => string) {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  let hasEnded = false;
  const over = (name: string): Error => new Error(`The app has ended, and can't answer ${name}: ${written()}`);
  child.on('message', (told: Told) => {
    const asked = waiting.get(told.id);
    waiting.delete(told.id);
    if (told.ok) asked?.resolve(told.value);
    else asked?.reject(new Error(told.reason));
  });
  void ended.then(() => {
    hasEnded = true;
    for (const asked of waiting.values()) asked.reject(over('any more'));
  });
  return (name: string, args: readonly unknown[]): Promise<unknown> => {
    if (hasEnded || !child.connected) return Promise.reject(over(name));
    lastId += 1;
    const asked = Promise.withResolvers<unknown>();
    waiting.set(lastId, asked);
    child.send({ id: lastId, name, args }, (error) => {
      if (error !== null) asked.reject(over(name));
    });
    return asked.promise;
  };
}

/** Playwright hears of a new page a little later than the app. */
async function findPage(browser: Browser, targetId: string): Promise<Page> {
  for (;;) {
    for (const page of browser.contexts().flatMap((context) => context.pages())) {
      if ((await targetOf(page)) === targetId) return page;
    }
    await setTimeout(10);
  }
}

async function targetOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const { targetInfo } = await session.send('Target.getTargetInfo');
  await session.detach();
  return targetInfo.targetId;
}
