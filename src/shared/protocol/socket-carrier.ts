import type { Carrier, Channel, ConnectionState } from './channel.ts';

/** What a WebSocket has, in a browser and in Node. */
export interface SocketLike {
  send(text: string): void;
  close(): void;
  addEventListener(type: 'open' | 'close', listener: (event: { readonly code?: number }) => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export interface SocketCarrierOptions {
  /** Throws, or closes soon, where there is nobody. */
  readonly openSocket: () => SocketLike;
  /** Asked before a lost connection is made again; false: this window will never be let in any more. */
  readonly isKnown?: () => Promise<boolean>;
  /** Calls back after so many milliseconds; the answer calls it off. */
  readonly after: (milliseconds: number, listener: () => void) => () => void;
}

/** Close codes after which trying again is useless, with what to tell. */
const finalCodes: Readonly<Record<number, string>> = {
  4000: 'Codex Auto-Backup was ended',
};
export const socketCloseCodes = { ended: 4000 } as const;

const unknown = 'this window is not known any more; open the address that "codex-backup panel" prints';

const pausesMs = [0, 250, 500, 1000, 2000, 5000] as const;

/** Carries over WebSockets: a lost one is made anew, at once and then ever more slowly, up to every 5 s. */
export function createSocketCarrier({ openSocket, isKnown, after }: SocketCarrierOptions): Carrier {
  let tell: (state: ConnectionState, channel: Channel | null) => void = () => undefined;
  let attempts = 0;
  let current: SocketLike | undefined;
  let callOff: () => void = () => undefined;
  let isClosed = false;

  const close = (reason: string): void => {
    if (isClosed) return;
    isClosed = true;
    callOff();
    current?.close();
    tell({ kind: 'closed', reason }, null);
  };
  const retry = (): void => {
    tell({ kind: 'connecting', attempts }, null);
    const pause = pausesMs[Math.min(attempts, pausesMs.length - 1)] ?? 5000;
    attempts += 1;
    callOff = after(pause, attempts > 1 ? () => void ask() : connect);
  };
  const ask = async (): Promise<void> => {
    // Nobody there is no answer: then the socket will say so.
    const known = await (isKnown?.() ?? Promise.resolve(true)).catch(() => true);
    if (isClosed) return;
    if (known) connect();
    else close(unknown);
  };
  const connect = (): void => {
    const socket = openSocket();
    current = socket;
    socket.addEventListener('open', () => {
      if (isClosed) return;
      attempts = 0;
      tell({ kind: 'open' }, channelOver(socket));
    });
    socket.addEventListener('close', ({ code }) => {
      if (isClosed) return;
      const reason = finalCodes[code ?? 0];
      if (reason === undefined) retry();
      else close(reason);
    });
  };
  return {
    start: (listener) => {
      tell = listener;
      retry();
    },
    close: () => close('closed by this window'),
  };
}

function channelOver(socket: SocketLike): Channel {
  return {
    post: (text) => socket.send(text),
    onText: (listener) => {
      let stopped = false;
      socket.addEventListener('message', ({ data }) => {
        if (!stopped && typeof data === 'string') listener(data);
      });
      return () => {
        stopped = true;
      };
    },
    onClose: (listener) => {
      socket.addEventListener('close', ({ code }) => listener(`code ${code ?? 'unknown'}`));
      return () => undefined;
    },
    close: () => socket.close(),
  };
}
