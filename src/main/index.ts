import { fileURLToPath } from 'node:url';
import { app, protocol } from 'electron';
import { setUpPlaces } from './app-places.ts';
import { registerAppScheme } from './app-protocol.ts';
import { atLogin, parseLaunchRequest } from './launch-request.ts';
import { logDefects, openMainLog } from './log.ts';
import { wasOpenedAtLogin } from './login-item.ts';
import { denyNavigation } from './permissions.ts';
import { takeSingleInstance } from './single-instance.ts';
import { type RunningApp, startApp } from './start-app.ts';

// Entry of the app. Whatever has to be done before Electron is ready stands here; the rest is in start-app.ts.

const places = setUpPlaces(app, fileURLToPath(new URL('../..', import.meta.url)), process.argv);
const request = parseLaunchRequest(process.argv.slice(1));
const log = openMainLog(places.logs);
let running: RunningApp | undefined;

if (takeSingleInstance(app, request, (next) => running?.take(next))) {
  logDefects(process, log);
  app.enableSandbox();
  denyNavigation(app);
  registerAppScheme(protocol);
  app.on('activate', () => running?.take({ kind: 'show' }));
  if (process.platform === 'darwin') app.setActivationPolicy('accessory');
  app.whenReady().then(
    () => {
      running = startApp({ places, log });
      running.take(wasOpenedAtLogin(app, process.platform) ? atLogin(request) : request);
    },
    (error: unknown) => log.error(String(error)),
  );
} else {
  app.quit();
}
