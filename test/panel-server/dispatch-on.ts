import type { PanelHost } from '../../src/engine-host/create-host.ts';
import { reportError } from '../../src/shared/app-error.ts';
import type { CallName } from '../../src/shared/protocol/calls.ts';
import type { Answer } from '../../src/shared/protocol/messages.ts';
import { openWindow } from '../engine-host/memory-host.ts';

/** Calls as a window would that was taken over: any name, any payload. A window is opened anew before its rate is used up. */
export function dispatchOn(host: Pick<PanelHost, 'serve'>): (name: string, payload: unknown) => Promise<Answer> {
  let left = 0;
  let window: ReturnType<typeof openWindow>;
  return async (name, payload) => {
    if (left === 0) {
      window = openWindow(host);
      left = 400;
    }
    left -= 1;
    try {
      return { ok: true, value: await window.call(name as CallName, payload as never) };
    } catch (error) {
      return { ok: false, error: reportError(error) };
    }
  };
}
