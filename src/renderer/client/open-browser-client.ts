import type { Carrier } from '../../shared/protocol/channel.ts';
import { createClient, type PanelClient } from '../../shared/protocol/client.ts';
import { createSocketCarrier } from '../../shared/protocol/socket-carrier.ts';
import { codeParameter, socketProtocols, tokenHeader, tokenStorageKey, webPaths } from '../../shared/protocol/web.ts';

/** Connects this page to the panel server that has served it, with the one-time code of its address or a kept token. */
export function openBrowserClient(): PanelClient {
  const code = takeCode();
  return createClient(code === null ? withToken(keptToken()) : afterExchange(code));
}

/** The code is out of the address before anything else happens: it must not stay in the history. */
function takeCode(): string | null {
  const code = new URLSearchParams(window.location.hash.slice(1)).get(codeParameter);
  if (code !== null) window.history.replaceState(null, '', `${window.location.pathname}#/`);
  return code;
}

function afterExchange(code: string): Carrier {
  let inner: Carrier | undefined;
  let isClosed = false;
  return {
    start: (listener) => {
      exchange(code).then(
        (token) => {
          if (isClosed) return;
          inner = withToken(token);
          inner.start(listener);
        },
        () => listener({ kind: 'closed', reason: 'the panel server did not answer' }, null),
      );
    },
    close: () => {
      isClosed = true;
      inner?.close();
    },
  };
}

/** The token, or null where the code was used before or is too old. */
async function exchange(code: string): Promise<string | null> {
  const response = await fetch(webPaths.session, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  const answer: unknown = response.ok ? await response.json() : null;
  const token = typeof answer === 'object' && answer !== null && 'token' in answer ? answer.token : null;
  if (typeof token !== 'string') return keptToken();
  window.sessionStorage.setItem(tokenStorageKey, token);
  return token;
}

function keptToken(): string | null {
  return window.sessionStorage.getItem(tokenStorageKey);
}

function withToken(token: string | null): Carrier {
  if (token === null) return refuse('this window has no code; open the address that "codex-backup panel" prints');
  const address = new URL(webPaths.socket, window.location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return createSocketCarrier({
    openSocket: () => new WebSocket(address, socketProtocols(token)),
    isKnown: async () => (await fetch(webPaths.session, { headers: { [tokenHeader]: token } })).status !== 401,
    after: (milliseconds, listener) => {
      const timer = setTimeout(listener, milliseconds);
      return () => clearTimeout(timer);
    },
  });
}

function refuse(reason: string): Carrier {
  return { start: (listener) => listener({ kind: 'closed', reason }, null), close: () => undefined };
}
