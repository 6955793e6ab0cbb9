import type { BrowserWindow, BrowserWindowConstructorOptions, WebContents } from 'electron';
import { appOrigin, ipcChannels } from '../shared/app-bridge.ts';

/** The page of every window; the address within it comes after `#`. */
const pageAddress = `${appOrigin}/index.html`;

/** Makes windows of ours, and knows them. */
export interface WindowMaker {
  open(options: BrowserWindowConstructorOptions, hash: string): BrowserWindow;
  isOurs(contents: WebContents): boolean;
  /** The window of ours that shows this page. */
  find(contents: WebContents): BrowserWindow | undefined;
}

export interface WindowMakerOptions {
  readonly create: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  readonly preload: string;
  /** A window's page is gone: closed, crashed or loaded anew. */
  readonly onPageGone: (id: number) => void;
  readonly onCrash: (why: string) => void;
}

export function createWindowMaker({ create, preload, onPageGone, onCrash }: WindowMakerOptions): WindowMaker {
  const windows = new Set<BrowserWindow>();
  const find = (contents: WebContents): BrowserWindow | undefined =>
    [...windows].find((window) => !window.isDestroyed() && window.webContents === contents);
  return {
    open: (options, hash) => {
      const window = create({
        show: false,
        title: 'Codex Auto-Backup',
        ...options,
        webPreferences: {
          preload,
          sandbox: true,
          contextIsolation: true,
          nodeIntegration: false,
          webSecurity: true,
          webviewTag: false,
          spellcheck: false,
        },
      });
      const { webContents } = window;
      const { id } = webContents;
      windows.add(window);
      window.on('closed', () => {
        windows.delete(window);
        onPageGone(id);
      });
      webContents.on('render-process-gone', (_event, { reason }) => {
        onPageGone(id);
        onCrash(`A window's page has ended: ${reason}`);
        if (!window.isDestroyed()) window.destroy();
      });
      void window.loadURL(`${pageAddress}${hash}`);
      return window;
    },
    isOurs: (contents) => find(contents) !== undefined,
    find,
  };
}

/** Has a window show an address of the panel: at once, or when its page has come, which hears nothing before. */
export function goTo({ webContents }: Pick<BrowserWindow, 'webContents'>, hash: string): void {
  const go = (): void => webContents.send(ipcChannels.go, hash);
  if (webContents.isLoadingMainFrame()) webContents.once('did-finish-load', go);
  else go();
}
