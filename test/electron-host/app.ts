import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { LoginItemSettings, App as RealApp, Settings } from 'electron';
import { startChromium } from './chromium.ts';
import { host } from './host.ts';
import { takeSingleInstance } from './single-instance.ts';
import { asWhole, createEvent, strict, strictEmitter } from './strict.ts';

type Used =
  | 'whenReady'
  | 'isReady'
  | 'quit'
  | 'exit'
  | 'getPath'
  | 'setPath'
  | 'getVersion'
  | 'getName'
  | 'setName'
  | 'isPackaged'
  | 'getAppPath'
  | 'requestSingleInstanceLock'
  | 'enableSandbox'
  | 'setActivationPolicy'
  | 'getLoginItemSettings'
  | 'setLoginItemSettings'
  | 'commandLine'
  | 'setAppUserModelId';

const entry = resolve(process.argv[1] ?? '.');

class App extends strictEmitter('app') implements Pick<RealApp, Used> {
  readonly isPackaged = entry.includes('/app.asar/');
  // What only a real desktop has.
  readonly enableSandbox = () => undefined;
  readonly setActivationPolicy = () => undefined;
  readonly setAppUserModelId = () => undefined;
  readonly commandLine = asWhole<RealApp['commandLine']>(
    strict('app.commandLine', { appendSwitch: () => undefined, hasSwitch: (name: string) => hasSwitch(name) }),
  );
  readonly #path = findAppPath(dirname(entry));
  readonly #facts: { name?: string; productName?: string; version?: string };
  readonly #paths = new Map<string, string>();
  readonly #ready = Promise.withResolvers<void>();
  #name: string;
  #isQuitting = false;
  #isLeaving = false;
  #loginItem: Settings = {};

  constructor() {
    super();
    this.#facts = JSON.parse(readFileSync(join(this.#path, 'package.json'), 'utf8'));
    this.#name = this.#facts.productName ?? this.#facts.name ?? 'Electron';
    this.on('last-window-closed', () => {
      if (!this.#isQuitting && !this.emit('window-all-closed')) this.quit();
    });
  }

  /** The entry module has run to its end: only then is Electron ready. */
  begin(): void {
    if (this.#isLeaving) return;
    const profile = join(this.getPath('userData'), 'Chromium');
    host.chromium = startChromium(profile);
    host.chromium.catch((error) => {
      console.error('Chromium could not be started:', error);
      this.exit(70);
    });
    host.isReady = true;
    this.#ready.resolve();
    this.emit('ready', createEvent(), {});
  }

  whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  isReady(): boolean {
    return host.isReady;
  }

  quit(): void {
    const before = createEvent();
    this.emit('before-quit', before);
    if (before.defaultPrevented) return;
    this.#isQuitting = true;
    for (const window of host.windows) {
      window.close();
      if (!window.isDestroyed()) {
        this.#isQuitting = false;
        return;
      }
    }
    const will = createEvent();
    this.emit('will-quit', will);
    if (!will.defaultPrevented) this.exit(0);
    else this.#isQuitting = false;
  }

  exit(code = 0): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#isQuitting = true;
    for (const window of host.windows) window.destroy();
    this.emit('quit', createEvent(), code);
    const leave = (): void => process.exit(code);
    Promise.resolve(host.chromium)
      .then((chromium) => chromium?.close())
      .then(leave, leave);
  }

  getPath(name: Parameters<RealApp['getPath']>[0]): string {
    const chosen = this.#paths.get(name);
    if (chosen !== undefined) return chosen;
    const userData =
      this.#paths.get('userData') ?? switchValue('user-data-dir') ?? join(homedir(), '.config', this.#name);
    const places: Readonly<Record<string, string>> = {
      userData,
      sessionData: userData,
      logs: join(userData, 'logs'),
      crashDumps: join(userData, 'Crashpad'),
      temp: tmpdir(),
      home: homedir(),
      appData: join(homedir(), '.config'),
      exe: process.execPath,
    };
    const path = places[name];
    if (path === undefined) throw new Error(`The stand-in for Electron has no path "${name}".`);
    if (path.startsWith(userData)) mkdirSync(path, { recursive: true });
    return path;
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  getVersion(): string {
    return this.#facts.version ?? '';
  }

  getName(): string {
    return this.#name;
  }

  setName(name: string): void {
    this.#name = name;
  }

  getAppPath(): string {
    return this.#path;
  }

  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    return takeSingleInstance(this.getPath('userData'), additionalData, ({ argv, cwd, additionalData: data }) => {
      void this.#ready.promise.then(() => this.emit('second-instance', createEvent(), argv, cwd, data));
    });
  }

  getLoginItemSettings(): LoginItemSettings {
    return asWhole({ openAtLogin: this.#loginItem.openAtLogin ?? false });
  }

  setLoginItemSettings(settings: Settings): void {
    this.#loginItem = settings;
  }
}

/** The nearest folder above the entry that is a package. */
function findAppPath(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findAppPath(dirname(folder));
}

function switchValue(name: string): string | undefined {
  return process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(`--${name}=`.length);
}

function hasSwitch(name: string): boolean {
  return process.argv.includes(`--${name}`) || switchValue(name) !== undefined;
}

export const app = new App();
host.app = app;
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
// The main process lives until it is told to quit.
setInterval(() => undefined, 2 ** 30);
