import type { App, Session, WebContents } from 'electron';
import { appOrigin } from '../shared/app-bridge.ts';
import { webPaths } from '../shared/protocol/web.ts';

/** No page may ask the system for anything: camera, location, notifications, devices, the clipboard's content. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    // Only what `download` has offered, which the user then says where to save.
    if (!item.getURL().startsWith(`${appOrigin}${webPaths.download}`)) event.preventDefault();
  });
}

/** No page goes anywhere else, opens a window, or holds another page. */
export function denyNavigation(app: App): void {
  app.on('web-contents-created', (_event, contents) => confine(contents));
}

function confine(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
