import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeImage,
  protocol,
  shell,
  Tray,
  utilityProcess,
} from 'electron';

// A small app that uses each part of the stand-in once; it prints what it has seen.
const here = import.meta.dirname;
const page =
  '<!doctype html><title>Tiny</title><h1>Tiny</h1><iframe src="/inner"></iframe><script src="/page.js"></script>';
const policy = "default-src 'none'; script-src 'self'; frame-src app:; connect-src 'none'";
const say = (...words) => console.log(...words.map((word) => JSON.stringify(word)));

if (createRequire(import.meta.url)('electron').app !== app) throw new Error('two Electrons');
protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
if (app.requestSingleInstanceLock({ from: 'a second start' })) void app.whenReady().then(run);
else app.quit();

function run() {
  protocol.handle('app', ({ url }) => {
    const { pathname } = new URL(url);
    const isScript = pathname === '/page.js';
    const headers = { 'content-type': isScript ? 'text/javascript' : 'text/html', 'content-security-policy': policy };
    return new Response(isScript ? 'globalThis.seen = typeof tiny' : page, { headers });
  });
  const window = new BrowserWindow({
    width: 360,
    height: 420,
    show: false,
    webPreferences: { preload: join(here, 'preload.cjs') },
  });
  const contents = window.webContents;
  contents.setWindowOpenHandler(({ url }) => {
    say('open', url);
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event) => {
    say('navigate', event.url);
    event.preventDefault();
  });
  window.on('ready-to-show', () => say('painted'));
  window.on('close', (event) => {
    event.preventDefault();
    window.hide();
  });
  app.on('before-quit', () => window.removeAllListeners('close'));
  app.on('second-instance', (_event, argv, _folder, data) => say('second', argv.at(-1), data));
  ipcMain.handle('who', ({ sender, senderFrame }) => [
    senderFrame?.url,
    senderFrame === sender.mainFrame,
    senderFrame?.origin,
  ]);
  ipcMain.handle('fail', () => {
    throw new TypeError('as it was meant');
  });
  ipcMain.handle('lacking', () => {
    const required = createRequire(import.meta.url)('electron');
    const asks = [
      () => required.autoUpdater,
      () => app.relaunch(),
      () => window.setVibrancy('menu'),
      () => dialog.showErrorBox('', ''),
      () => String(required.ipcRenderer),
    ];
    return asks.map((ask) => {
      try {
        return ask();
      } catch (error) {
        return error.message;
      }
    });
  });
  ipcMain.on('say', (event, word) => event.reply('heard', word));
  const tray = new Tray(nativeImage.createFromPath(join(here, 'no-icon.png')));
  tray.setToolTip('Tiny');
  const askToReset = () => dialog.showMessageBox({ message: 'Reset?', buttons: ['No', 'Yes'] });
  const reset = () => askToReset().then(({ response }) => tray.setToolTip(response === 1 ? 'reset' : 'kept'));
  const menu = [
    { id: 'reset', label: 'Reset…', click: () => void reset() },
    { id: 'show', label: 'Show the log', click: () => shell.showItemInFolder('/log') },
    { id: 'quit', label: 'Quit', role: 'quit' },
  ];
  tray.setContextMenu(Menu.buildFromTemplate(menu));
  tray.on('click', () => (window.isVisible() ? window.hide() : window.show()));
  const engine = utilityProcess.fork(join(here, 'engine.js'), ['--one'], { serviceName: 'Tiny engine', stdio: 'pipe' });
  engine.on('spawn', () => engine.postMessage({ number: 20 }));
  engine.on('message', (message) => say('engine', message));
  engine.once('exit', (code) => {
    say('engine ended', code);
    const notice = new Notification({ title: 'Tiny', body: `The engine ended with ${code}.` });
    notice.on('click', () => window.show());
    notice.show();
  });
  void window.loadURL('app://tiny/index.html');
}
