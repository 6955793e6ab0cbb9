import { randomUUID } from 'node:crypto';
import type { Session, WebContents, WebFrameMain, WindowOpenHandlerResponse } from 'electron';
import type { Chromium } from './chromium.ts';
import type { DevToolsSession } from './devtools.ts';
import { Frame, type FrameFacts } from './frame.ts';
import { ipcMain, type Sent } from './ipc-main.ts';
import { encodeMessage } from './json-only.ts';
import { answerRequest, type HeldRequest, refuseRequest } from './page-requests.ts';
import { createPageScripts, postBinding, preloadWorld, receiveFunction } from './page-scripts.ts';
import { fromPageUrl, toPageUrl } from './schemes.ts';
import { session as sessions } from './session.ts';
import { asWhole, createEvent, strictEmitter } from './strict.ts';

type OpenHandler = Parameters<WebContents['setWindowOpenHandler']>[0];
type Used = 'id' | 'session' | 'mainFrame' | 'send' | 'setWindowOpenHandler' | 'isDestroyed' | 'getURL';

export interface ContentsOptions {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  readonly preferences: Electron.WebPreferences;
  readonly chromium: Promise<Chromium>;
  onPaint(): void;
}

/** A page of Chromium as the main process knows it. */
export class StandInContents extends strictEmitter('webContents') implements Pick<WebContents, Used> {
  readonly id: number;
  readonly session: Session = sessions.defaultSession;
  /** Resolves to the page when it can be used. */
  readonly page: Promise<{ readonly targetId: string; readonly session: DevToolsSession }>;
  readonly #frames = new Map<string, Frame>();
  /** The frame of each context in which a preload runs. */
  readonly #preloads = new Map<number, string>();
  #topFrame = '';
  #openHandler: OpenHandler = () => ({ action: 'allow' });
  #isGone = false;
  #isLoading = false;
  #isOwnNavigation = false;

  constructor(options: ContentsOptions) {
    super();
    this.id = options.id;
    this.page = this.#open(options);
  }

  get mainFrame(): WebFrameMain {
    return asWhole(this.#frames.get(this.#topFrame) ?? new Frame(null));
  }

  isDestroyed(): boolean {
    return this.#isGone;
  }

  getURL(): string {
    return this.#frames.get(this.#topFrame)?.url ?? '';
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  /** As in Electron, what nobody listens to yet is lost. */
  send(channel: string, ...args: unknown[]): void {
    const [context] = [...this.#preloads].find(([, frame]) => frame === this.#topFrame) ?? [];
    if (context !== undefined) this.#deliver(context, encodeMessage({ kind: 'event', channel, args }));
  }

  isLoadingMainFrame(): boolean {
    return this.#isLoading;
  }

  async load(url: string): Promise<void> {
    this.#isLoading = true;
    const { session } = await this.page;
    const loaded = new Promise<void>((resolve) => this.once('did-finish-load', () => resolve()));
    this.#isOwnNavigation = true;
    const { errorText } = await session.send<{ errorText?: string }>('Page.navigate', { url: toPageUrl(url) });
    if (errorText !== undefined) throw new Error(`${errorText} loading '${url}'`);
    await loaded;
  }

  /** The window has gone. */
  leave(): void {
    this.#isGone = true;
    this.emit('destroyed');
  }

  async #open(options: ContentsOptions) {
    const page = await (await options.chromium).openPage();
    const { session, targetId } = page;
    const secret = `${randomUUID()}-`;
    this.#topFrame = targetId; // as Chromium names it
    this.#frames.set(targetId, new Frame(null));
    this.#follow(session, options);
    const screen = { width: options.width, height: options.height, deviceScaleFactor: 1, mobile: false };
    await Promise.all([
      session.send('Page.enable'),
      session.send('Runtime.enable'),
      session.send('Inspector.enable'),
      session.send('Page.setLifecycleEventsEnabled', { enabled: true }),
      session.send('Emulation.setDeviceMetricsOverride', screen),
      session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      session.send('Runtime.runIfWaitingForDebugger'),
      // After the blank page has begun: it has no preload.
      session.send('Runtime.addBinding', { name: postBinding, executionContextName: preloadWorld }),
      ...createPageScripts(options.preferences, secret).map((script) =>
        session.send('Page.addScriptToEvaluateOnNewDocument', { ...script }),
      ),
    ]);
    return page;
  }

  #follow(session: DevToolsSession, { onPaint }: ContentsOptions): void {
    const isShown = (): boolean => !['', 'about:blank'].includes(this.getURL());
    session.on('Page.frameAttached', ({ frameId, parentFrameId }) =>
      this.#frameOf({ id: frameId, parentId: parentFrameId }),
    );
    session.on('Page.frameNavigated', ({ frame }: { frame: FrameFacts }) => this.#frameOf(frame).shows(frame));
    session.on('Page.navigatedWithinDocument', ({ frameId, url }) => this.#frames.get(frameId)?.movesTo(url));
    session.on('Page.frameDetached', ({ frameId }) => {
      this.#frames.get(frameId)?.detach();
      this.#frames.delete(frameId);
    });
    session.on('Page.loadEventFired', () => {
      if (!isShown()) return;
      this.#isLoading = false;
      this.emit('did-finish-load', createEvent());
    });
    session.on('Page.lifecycleEvent', ({ name, frameId }) => {
      if (name === 'firstPaint' && frameId === this.#topFrame && isShown()) onPaint();
    });
    session.on('Page.windowOpen', ({ url, windowName }) => this.#asksToOpen(url, windowName));
    session.on('Inspector.targetCrashed', () => {
      this.emit('render-process-gone', createEvent(), { reason: 'crashed', exitCode: 5 });
    });
    session.on('Runtime.executionContextCreated', ({ context: { id, name, auxData } }) => {
      if (name === preloadWorld) this.#preloads.set(id, auxData.frameId);
    });
    session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      this.#preloads.delete(executionContextId);
    });
    session.on('Runtime.executionContextsCleared', () => this.#preloads.clear());
    session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name === postBinding) void this.#receive(JSON.parse(payload), executionContextId);
    });
    session.on('Fetch.requestPaused', (held: HeldRequest) => {
      // The page may have gone meanwhile.
      this.#judge(session, held).catch((error) => console.error('A request was not answered:', error));
    });
  }

  #frameOf({ id, parentId }: FrameFacts): Frame {
    const known = this.#frames.get(id);
    if (known !== undefined) return known;
    const frame = new Frame(parentId === undefined ? null : (this.#frames.get(parentId) ?? null));
    this.#frames.set(id, frame);
    return frame;
  }

  async #judge(session: DevToolsSession, held: HeldRequest): Promise<void> {
    const isMainFrame = held.frameId === this.#topFrame;
    const isNavigation = held.resourceType === 'Document';
    if (isNavigation && !(isMainFrame && this.#isOwnNavigation)) {
      const url = fromPageUrl(held.request.url);
      const event = createEvent({ url, isMainFrame, isSameDocument: false, frame: this.#frames.get(held.frameId) });
      this.emit('will-frame-navigate', event);
      if (isMainFrame) this.emit('will-navigate', event, url);
      if (event.defaultPrevented) return refuseRequest(session, held);
    }
    if (isNavigation && isMainFrame) this.#isOwnNavigation = false;
    return answerRequest(session, held);
  }

  #asksToOpen(url: string, frameName: string): void {
    const referrer = { url: '', policy: 'default' as const };
    const asked = { url: fromPageUrl(url), frameName, features: '', disposition: 'foreground-tab' as const, referrer };
    const { action }: WindowOpenHandlerResponse = this.#openHandler(asked);
    if (action === 'allow') console.error(`The stand-in for Electron opens no window for ${url}.`);
  }

  async #receive(sent: Sent, context: number): Promise<void> {
    const frame = this.#frames.get(this.#preloads.get(context) ?? '');
    const preloads = this.#preloads;
    const reply = (channel: string, ...args: unknown[]): void =>
      this.#deliver(context, encodeMessage({ kind: 'event', channel, args }));
    const event = createEvent({
      sender: this,
      frameId: frame?.routingId ?? 0,
      processId: 1,
      type: 'frame',
      ports: [],
      reply,
      get senderFrame() {
        return preloads.has(context) ? (frame ?? null) : null;
      },
    });
    if (sent.kind === 'send') ipcMain.emit(sent.channel, event, ...sent.args);
    else if (sent.kind === 'preload-error') this.emit('preload-error', event, sent.file, new Error(sent.message));
    else this.#deliver(context, await answerInvoke(sent, asWhole(event)));
  }

  #deliver(context: number, text: string): void {
    const functionDeclaration = `(text) => globalThis.${receiveFunction}(text)`;
    const call = { executionContextId: context, functionDeclaration, arguments: [{ value: text }] };
    // The document may have gone meanwhile; then nobody waits.
    void this.page.then(({ session }) => session.send('Runtime.callFunctionOn', call)).catch(() => undefined);
  }
}

async function answerInvoke(
  sent: Sent & { readonly kind: 'invoke' },
  event: Electron.IpcMainInvokeEvent,
): Promise<string> {
  const { id, channel, args } = sent;
  try {
    return encodeMessage({ kind: 'answer', id, value: await ipcMain.answer(channel, event, args) });
  } catch (error) {
    return encodeMessage({ kind: 'answer', id, error: String(error) });
  }
}
