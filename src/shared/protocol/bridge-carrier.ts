import type { BridgeMessage, BridgePort } from './bridge-messages.ts';
import type { Carrier, Channel, ConnectionState } from './channel.ts';

export interface BridgeCarrierOptions {
  readonly port: BridgePort;
  /** Calls back after so many milliseconds; the answer calls it off. */
  readonly after: (milliseconds: number, listener: () => void) => () => void;
}

const firstPauseMs = 100;
const longestPauseMs = 5000;

/** Carries over the bridge to the engine process. A channel that is lost is asked for again: main answers when the engine runs. */
export function createBridgeCarrier({ port, after }: BridgeCarrierOptions): Carrier {
  let tell: (state: ConnectionState, channel: Channel | null) => void = () => undefined;
  let number = 0;
  let attempts = 0;
  let current: BridgeChannel | undefined;
  let callOff: () => void = () => undefined;
  let stop: () => void = () => undefined;
  const open = (): void => {
    number += 1;
    current = createBridgeChannel(port, String(number));
    port.post({ kind: 'open', channel: current.name });
  };
  const lose = (message: Extract<BridgeMessage, { kind: 'close' }>): void => {
    current?.end(message.reason);
    current = undefined;
    if (message.isFinal) {
      close(message.reason);
      return;
    }
    tell({ kind: 'connecting', attempts: attempts + 1 }, null);
    callOff = after(Math.min(firstPauseMs * 2 ** attempts, longestPauseMs), open);
    attempts += 1;
  };
  const close = (reason: string): void => {
    stop();
    callOff();
    current?.close();
    current = undefined;
    tell({ kind: 'closed', reason }, null);
  };
  return {
    start: (listener) => {
      tell = listener;
      stop = port.onMessage((message) => {
        // What belongs to a channel of before comes too late.
        if (current === undefined || message.channel !== current.name) return;
        if (message.kind === 'opened') {
          attempts = 0;
          tell({ kind: 'open' }, current);
        } else if (message.kind === 'text') current.take(message.text);
        else if (message.kind === 'close') lose(message);
      });
      tell({ kind: 'connecting', attempts: 0 }, null);
      open();
    },
    close: () => close('closed by this window'),
  };
}

/** One channel of a bridge, with what its owner does when messages for it arrive. */
export interface BridgeChannel extends Channel {
  readonly name: string;
  take(text: string): void;
  end(reason: string): void;
}

export function createBridgeChannel(port: Pick<BridgePort, 'post'>, name: string): BridgeChannel {
  const texts = new Set<(text: string) => void>();
  const closes = new Set<(reason: string) => void>();
  let isOpen = true;
  const end = (reason: string): void => {
    if (!isOpen) return;
    isOpen = false;
    for (const listener of closes) listener(reason);
  };
  return {
    name,
    post: (text) => {
      if (isOpen) port.post({ kind: 'text', channel: name, text });
    },
    onText: (listener) => addTo(texts, listener),
    onClose: (listener) => addTo(closes, listener),
    close: (why) => {
      if (!isOpen) return;
      const isFinal = why === 'ended';
      const reason = isFinal ? 'Codex Auto-Backup was ended' : 'the channel was closed';
      port.post({ kind: 'close', channel: name, reason, isFinal });
      end(reason);
    },
    take: (text) => {
      for (const listener of texts) listener(text);
    },
    end,
  };
}

function addTo<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => {
    set.delete(item);
  };
}
