import type { BridgeMessage, BridgePort } from '../shared/protocol/bridge-messages.ts';

/** One window as the relay sees it; main's own client is one as well. */
export interface RelayWindow {
  readonly id: number;
  send(message: BridgeMessage): void;
}

/**
 * Connects windows with the engine process, whose channels have numbers of their own. A window has one channel at a
 * time; one that is asked for while no engine runs is opened when it does.
 */
export interface BridgeRelay {
  take(window: RelayWindow, message: BridgeMessage): void;
  /** The window is gone, or shows another page. */
  forget(id: number): void;
  /** The window has sent what no page of ours sends: its channel is closed, and may be asked for again. */
  refuse(id: number): void;
  takeFromEngine(message: BridgeMessage): void;
  engineReady(): void;
  engineGone(reason: string): void;
}

interface Connection {
  readonly window: RelayWindow;
  /** Names of the channel at the window's end, and at the engine's. */
  readonly near: string;
  readonly far: string;
}

export function createBridgeRelay(toEngine: (message: BridgeMessage) => void): BridgeRelay {
  const byWindow = new Map<number, Connection>();
  let isReady = false;
  let last = 0;
  const post = (message: BridgeMessage): void => {
    if (isReady) toEngine(message);
  };
  const forget = (id: number): void => {
    const connection = byWindow.get(id);
    if (connection === undefined) return;
    byWindow.delete(id);
    post({ kind: 'close', channel: connection.far, reason: 'the window is gone', isFinal: false });
  };
  const refuse = (id: number): void => {
    const connection = byWindow.get(id);
    forget(id);
    const reason = 'main has refused a message';
    connection?.window.send({ kind: 'close', channel: connection.near, reason, isFinal: false });
  };
  const open = (window: RelayWindow, near: string): void => {
    forget(window.id);
    last += 1;
    byWindow.set(window.id, { window, near, far: String(last) });
    post({ kind: 'open', channel: String(last) });
  };
  return {
    take: (window, message) => {
      if (message.kind === 'open') {
        open(window, message.channel);
        return;
      }
      const connection = byWindow.get(window.id);
      if (connection === undefined || connection.near !== message.channel || message.kind === 'opened') return;
      post({ ...message, channel: connection.far });
      if (message.kind === 'close') byWindow.delete(window.id);
    },
    forget,
    refuse,
    takeFromEngine: (message) => {
      const connection = [...byWindow.values()].find(({ far }) => far === message.channel);
      if (connection === undefined) return;
      if (message.kind === 'close') byWindow.delete(connection.window.id);
      connection.window.send({ ...message, channel: connection.near });
    },
    engineReady: () => {
      isReady = true;
      for (const { far } of byWindow.values()) post({ kind: 'open', channel: far });
    },
    engineGone: (reason) => {
      isReady = false;
      const lost = [...byWindow.values()];
      byWindow.clear();
      for (const { window, near } of lost) window.send({ kind: 'close', channel: near, reason, isFinal: false });
    },
  };
}

/** The port of main's own client. */
export function createOwnPort(relay: BridgeRelay): BridgePort {
  const listeners = new Set<(message: BridgeMessage) => void>();
  const window: RelayWindow = {
    id: 0,
    send: (message) => {
      for (const listener of listeners) listener(message);
    },
  };
  return {
    post: (message) => relay.take(window, message),
    onMessage: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
