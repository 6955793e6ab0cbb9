import type { BridgePort } from './protocol/bridge-messages.ts';

/** The page's address, and the only one that a window of the app ever shows. */
export const appScheme = 'app';
const appHost = 'codex-backup';
export const appOrigin = `${appScheme}://${appHost}`;

/** Names of Electron's channels between a window and main. */
export const ipcChannels = {
  bridge: 'bridge',
  chooseFolder: 'choose-folder',
  notifications: 'notifications',
  go: 'go',
} as const;

/** A folder that the user has chosen in the system's dialog. */
export interface ChosenFolder {
  /** Ticket of the folder, as the engine's `folders` gives them. */
  readonly folder: string;
  readonly path: string;
}

/** `refused`: the system showed none, as for an app that is not signed or was denied. */
export type NotificationState = 'shown' | 'refused' | 'unsupported';

/** `window.codexBackup`: all that a page of the app has besides the web's own. */
export interface AppBridge extends BridgePort {
  /** Null when the user has cancelled. Rejects with a sentence for the user. */
  chooseFolder(title: string): Promise<ChosenFolder | null>;
  /** Whether the system shows notifications of this app. */
  notifications(): Promise<NotificationState>;
  /** Main asks for an address within the panel, such as `#/settings`. */
  onGo(listener: (hash: string) => void): () => void;
}
