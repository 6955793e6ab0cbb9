import type { App } from 'electron';
import { type LaunchRequest, launchRequest, parseLaunchRequest } from './launch-request.ts';

/** False where the app runs already: that one has been handed the request, and this process is to end. */
export function takeSingleInstance(
  app: App,
  request: LaunchRequest,
  onRequest: (request: LaunchRequest) => void,
): boolean {
  // By additional data, because Chromium reorders the arguments of a second start.
  if (!app.requestSingleInstanceLock(request)) return false;
  app.on('second-instance', (_event, argv, _folder, data) => {
    const parsed = launchRequest.safeParse(data);
    onRequest(parsed.success ? parsed.data : parseLaunchRequest(argv));
  });
  return true;
}
