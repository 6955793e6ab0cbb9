import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { findChromium } from '../helpers/find-chromium.ts';
import { connectDevTools, type DevToolsSession } from './devtools.ts';

/** The Chromium of one app. Its pipe is the app's, so that it ends with the app however that ends. */
export interface Chromium {
  /** For the tests: where Playwright can attach as well. */
  readonly endpoint: string;
  /** A new page, in which nothing runs until `Runtime.runIfWaitingForDebugger`. */
  openPage(): Promise<{ readonly targetId: string; readonly session: DevToolsSession }>;
  closePage(targetId: string): Promise<void>;
  close(): Promise<void>;
}

const switches = [
  '--headless',
  '--no-sandbox',
  '--remote-debugging-pipe',
  '--remote-debugging-port=0',
  '--no-startup-window',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-sync',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-features=Translate,OptimizationHints,MediaRouter,HttpsUpgrades,PaintHolding,PreloadTopChromeWebUI,SpareRendererForSitePerProcess',
  '--force-color-profile=srgb',
  '--password-store=basic',
  '--use-mock-keychain',
] as const;

interface AttachedToTarget {
  readonly sessionId: string;
  readonly targetInfo: { readonly targetId: string; readonly openerId?: string };
}

export async function startChromium(profile: string): Promise<Chromium> {
  const parameters = [...switches, `--user-data-dir=${profile}`];
  const child = spawn(findChromium(), parameters, { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const endpoint = await readEndpoint(child);
  const sessionOf = connectDevTools(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const browser = sessionOf();
  const attached = new Map<string, string>();
  const closePage = async (targetId: string): Promise<void> => {
    await browser.send('Target.closeTarget', { targetId });
  };
  browser.on('Target.attachedToTarget', ({ sessionId, targetInfo: { targetId, openerId } }: AttachedToTarget) => {
    if (openerId === undefined) attached.set(targetId, sessionId);
    else dropPopup(sessionOf(sessionId), () => closePage(targetId)).catch(() => undefined);
  });
  const onlyPages = { filter: [{ type: 'page' }] };
  await browser.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
    ...onlyPages,
  });
  return {
    endpoint,
    openPage: async () => {
      const wanted = { url: 'about:blank', newWindow: true };
      const { targetId } = await browser.send<{ targetId: string }>('Target.createTarget', wanted);
      const sessionId = attached.get(targetId);
      if (sessionId === undefined) throw new Error('A page of Chromium could not be held.');
      return { targetId, session: sessionOf(sessionId) };
    },
    closePage,
    close: async () => {
      const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();
      kill();
      await ended;
    },
  };
}

/** What a page has opened is closed before it asks for anything. Held, it would hold its opener as well. */
async function dropPopup(popup: DevToolsSession, close: () => Promise<void>): Promise<void> {
  const held = popup.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
  await Promise.all([held, popup.send('Runtime.runIfWaitingForDebugger'), close()]);
}

function readEndpoint(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    const [, endpoint] = /DevTools listening on (ws:\S+)/.exec(text) ?? [];
    if (endpoint !== undefined) resolve(endpoint);
  });
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`Chromium ended with ${code}: ${text}`)));
  return promise;
}
