/** What a test starts the desktop with. */
export interface DesktopOptions {
  /** `none`: the desktop has no place for icons; `hidden`: it has one, but this icon lies outside of the screen. */
  readonly tray?: 'shown' | 'hidden' | 'none';
  /** `failed`: as on macOS for an app that isn't signed. */
  readonly notifications?: 'shown' | 'failed' | 'unsupported';
}

export interface TrayRecord {
  /** The file of the icon that is shown, and of all that have been, the first first. */
  readonly image: string;
  readonly images: readonly string[];
  readonly toolTip: string;
}

export interface MenuRecord {
  readonly id: string;
  readonly label: string;
  readonly isEnabled: boolean;
  readonly isVisible: boolean;
  readonly isChecked: boolean;
  readonly items: readonly MenuRecord[];
}

export interface NotificationRecord {
  readonly title: string;
  readonly body: string;
}

export interface DialogRecord {
  readonly kind: 'open' | 'message';
  readonly title: string;
  readonly message: string;
  readonly buttons: readonly string[];
}

export interface WindowRecord {
  readonly id: number;
  readonly url: string;
  readonly isVisible: boolean;
  readonly isFocused: boolean;
  readonly bounds: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** A message to main as a renderer would send it that has been taken over. */
export interface ForgedMessage {
  readonly windowId: number;
  /** `none`: the frame has gone meanwhile. `child`: the first frame within the page. */
  readonly frame: 'main' | 'child' | 'none';
  readonly channel: string;
  readonly args: readonly unknown[];
}

/** The desktop that an app runs on, as its tests see and use it. Answers are data. */
export interface Desktop {
  /** Null when there is no icon. */
  tray(): TrayRecord | null;
  clickTray(button?: 'click' | 'right-click'): void;
  /** The menu that the icon shows. */
  menu(): readonly MenuRecord[];
  choose(id: string): void;
  notifications(): readonly NotificationRecord[];
  clickNotification(index: number): void;
  /** Those that nobody has answered yet. */
  dialogs(): readonly DialogRecord[];
  /** Answers the first of them: with folders, or with the number of a button. */
  answerDialog(answer: readonly string[] | number): void;
  /** What was opened or shown outside of the app. */
  opened(): readonly string[];
  windows(): readonly WindowRecord[];
  /** Has a window show another page, as no user can. */
  load(windowId: number, url: string): Promise<void>;
  closeWindow(windowId: number): void;
  blur(windowId: number): void;
  /** False: the app wants the system to wait. */
  power(event: 'suspend' | 'resume' | 'shutdown'): boolean;
  /** How many parts of the app keep the system awake. */
  keptAwake(): number;
  opensAtLogin(): boolean;
  /** What the app answers to a page that asks for a permission. */
  permits(permission: string): readonly boolean[];
  /** Channels on which main listens to pages. */
  channels(): readonly string[];
  /** Answers what a page would be answered: `refused` where main throws. */
  forge(message: ForgedMessage): Promise<unknown>;
  /** The processes that the app has started, and that run. */
  utilities(): readonly { readonly pid: number; readonly name: string }[];
  quit(): void;
}
