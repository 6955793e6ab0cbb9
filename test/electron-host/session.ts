import type { Protocol, Session } from 'electron';
import { handleScheme } from './schemes.ts';
import { asWhole, strict, strictEmitter } from './strict.ts';

class DefaultSession
  extends strictEmitter('session')
  implements Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'>
{
  // Headless Chromium asks nobody and permits nothing: tests ask the handlers themselves.
  readonly setPermissionRequestHandler = () => undefined;
  readonly setPermissionCheckHandler = () => undefined;
  readonly setDevicePermissionHandler = () => undefined;
}

export const session = strict('session', { defaultSession: asWhole<Session>(new DefaultSession()) });

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged: () => undefined, // pages see the app's scheme as https, which has all privileges
  handle: handleScheme,
} satisfies Partial<Protocol>);
