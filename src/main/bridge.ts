import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import { appOrigin, ipcChannels } from '../shared/app-bridge.ts';
import { bridgeMessage } from '../shared/protocol/bridge-messages.ts';
import { maxRequestLength } from '../shared/protocol/channel.ts';
import type { BridgeRelay } from './bridge-relay.ts';
import type { MainLog } from './log.ts';

export interface BridgeOptions {
  readonly relay: BridgeRelay;
  readonly log: MainLog;
  /** Whether it belongs to a window of ours. */
  readonly isOurs: (contents: WebContents) => boolean;
}

/** Carries the texts of windows to the engine process, which looks into them; main only looks at who sends. */
export function setUpBridge(ipcMain: IpcMain, { relay, log, isOurs }: BridgeOptions): void {
  let refused = 0;
  const noteRefusal = (origin: string): void => {
    refused += 1;
    // Whoever sends a million of them shall not fill the log.
    if (/^10*$/.test(String(refused))) log.warn(`Refused a message of ${origin}; so far ${refused}.`);
  };
  ipcMain.on(ipcChannels.bridge, (event, message: unknown) => {
    // Not the page: its own channel goes on.
    if (!isTrusted(event, isOurs)) return noteRefusal(event.senderFrame?.origin ?? 'a frame that is gone');
    const parsed = bridgeMessage.safeParse(message);
    if (!parsed.success || (parsed.data.kind === 'text' && parsed.data.text.length > maxRequestLength)) {
      noteRefusal('a page of ours');
      relay.refuse(event.sender.id);
      return;
    }
    const contents = event.sender;
    const window = {
      id: contents.id,
      send: (answer: unknown): void => {
        // Should it ever show another page than ours, that one hears nothing.
        if (contents.isDestroyed() || contents.mainFrame.origin !== appOrigin) return;
        contents.send(ipcChannels.bridge, answer);
      },
    };
    relay.take(window, parsed.data);
  });
}

/** A call comes from the main frame of a window of ours, which shows our page. */
export function isTrusted(
  { sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent,
  isOurs: (contents: WebContents) => boolean,
): boolean {
  // Null after a navigation.
  if (senderFrame === null || senderFrame !== sender.mainFrame) return false;
  return senderFrame.origin === appOrigin && isOurs(sender);
}
