import { createBridgeCarrier } from '../../shared/protocol/bridge-carrier.ts';
import { createClient, type PanelClient } from '../../shared/protocol/client.ts';
import { appBridge } from './app-bridge.ts';
import { openBrowserClient } from './open-browser-client.ts';

/** Connects this page to its host: the app's engine process, or the panel server that has served the page. */
export function openClient(): PanelClient {
  const bridge = appBridge();
  if (bridge === undefined) return openBrowserClient();
  bridge.onGo((hash) => {
    window.location.hash = hash;
  });
  return createClient(
    createBridgeCarrier({
      port: bridge,
      after: (milliseconds, listener) => {
        const timer = setTimeout(listener, milliseconds);
        return () => clearTimeout(timer);
      },
    }),
  );
}
