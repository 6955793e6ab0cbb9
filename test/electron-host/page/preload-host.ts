// Pasted into the preload's world of a page: no imports but of types, and nothing is kept outside of the function.
import type { WorldLink } from './world-link.ts';

export interface PreloadHost {
  /** Runs a sandboxed preload: CommonJS, with no more of Node than Electron gives it. */
  run(file: string, body: (...scope: readonly unknown[]) => void): void;
  /** Takes what the main process sends. */
  receive(text: string): void;
}

export function createPreloadHost(link: WorldLink, post: (text: string) => void, versions: object): PreloadHost {
  type Received =
    | { readonly kind: 'event'; readonly channel: string; readonly args: readonly unknown[] }
    | { readonly kind: 'answer'; readonly id: number; readonly value?: unknown; readonly error?: string };
  type Listener = (event: object, ...args: readonly unknown[]) => void;

  const listeners = new Map<string, Set<Listener>>();
  const asked = new Map<number, PromiseWithResolvers<unknown> & { readonly channel: string }>();
  let lastId = 0;

  const send = (message: object): void => {
    try {
      structuredClone(message);
    } catch {
      throw new Error('An object could not be cloned.');
    }
    post(JSON.stringify(message));
  };
  const strict = (name: string, members: object): object =>
    new Proxy(members, {
      get: (target, key, receiver) => {
        if (key in target || typeof key === 'symbol') return Reflect.get(target, key, receiver);
        throw new Error(`The stand-in for Electron has no ${name}.${key} in a preload.`);
      },
    });
  const ipcRenderer = {
    send: (channel: string, ...args: readonly unknown[]) => send({ kind: 'send', channel, args }),
    invoke: async (channel: string, ...args: readonly unknown[]) => {
      lastId += 1;
      const answer = { ...Promise.withResolvers<unknown>(), channel };
      asked.set(lastId, answer);
      send({ kind: 'invoke', id: lastId, channel, args });
      return answer.promise;
    },
    on: (channel: string, listener: Listener) => {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
    },
    off: (channel: string, listener: Listener) => {
      listeners.get(channel)?.delete(listener);
    },
    removeListener: (channel: string, listener: Listener) => ipcRenderer.off(channel, listener),
  };
  const contextBridge = { exposeInMainWorld: (key: string, api: unknown) => link.expose(key, api) };
  const electron = strict('electron', {
    __esModule: undefined,
    default: undefined,
    ipcRenderer: strict('ipcRenderer', ipcRenderer),
    contextBridge: strict('contextBridge', contextBridge),
  });
  const requireModule = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name}`);
  };
  const sandboxedProcess = Object.freeze({ type: 'renderer', sandboxed: true, contextIsolated: true, ...versions });

  return {
    run: (file, body) => {
      const module = { exports: {} };
      try {
        body(requireModule, sandboxedProcess, globalThis, module, module.exports);
      } catch (error) {
        send({ kind: 'preload-error', file, message: String(error) });
      }
    },
    receive: (text) => {
      const message: Received = JSON.parse(text);
      if (message.kind === 'event') {
        for (const listener of listeners.get(message.channel) ?? []) {
          listener({ sender: ipcRenderer, ports: [] }, ...message.args);
        }
        return;
      }
      const answer = asked.get(message.id);
      asked.delete(message.id);
      if (message.error === undefined) answer?.resolve(message.value);
      else answer?.reject(new Error(`Error invoking remote method '${answer.channel}': ${message.error}`));
    },
  };
}
