import type { BrowserWindow, Dialog, IpcMain, WebContents } from 'electron';
import { type ChosenFolder, ipcChannels } from '../shared/app-bridge.ts';
import { isTrusted } from './bridge.ts';

export interface FolderChoiceOptions {
  readonly dialog: Dialog;
  readonly windowOf: (contents: WebContents) => BrowserWindow | undefined;
  /** Runs what shows a dialog. */
  readonly whileOpen: <T>(work: () => Promise<T>) => Promise<T>;
  /** The engine's ticket for a folder. */
  readonly issueTicket: (path: string) => Promise<string>;
}

const longestTitle = 200;

/** Lets the user choose a folder in the system's dialog; the page gets a ticket for it. */
export function setUpFolderChoice(
  ipcMain: IpcMain,
  { dialog, windowOf, whileOpen, issueTicket }: FolderChoiceOptions,
): void {
  ipcMain.handle(ipcChannels.chooseFolder, async (event, title: unknown): Promise<ChosenFolder | null> => {
    const window = windowOf(event.sender);
    if (window === undefined || !isTrusted(event, () => true)) throw new Error('No window of ours asks for a folder.');
    const options = {
      title: typeof title === 'string' ? title.slice(0, longestTitle) : '',
      properties: ['openDirectory' as const, 'createDirectory' as const],
    };
    const { canceled, filePaths } = await whileOpen(() => dialog.showOpenDialog(window, options));
    const [path] = filePaths;
    return canceled || path === undefined ? null : { folder: await issueTicket(path), path };
  });
}
