import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import { type BridgeRelay, createBridgeRelay } from '../../src/main/bridge-relay.ts';
import { createBridgeCarrier } from '../../src/shared/protocol/bridge-carrier.ts';
import type { BridgeMessage, BridgePort } from '../../src/shared/protocol/bridge-messages.ts';
import { serveBridge } from '../../src/shared/protocol/serve-bridge.ts';
import { testCarrier } from './carrier-contract.ts';

testCarrier('bridge', async (host) => {
  // As in the app: windows, main's relay, and the engine process, with a structured clone on each hop.
  const relay: BridgeRelay = createBridgeRelay((message) => toEngine.port1.postMessage(message));
  const toEngine = new MessageChannel();
  onTestFinished(() => toEngine.port1.close());
  const take = serveBridge({ post: (message) => toEngine.port2.postMessage(message) }, host.serve);
  listen(toEngine.port2, take);
  listen(toEngine.port1, relay.takeFromEngine);
  relay.engineReady();
  let windows = 0;
  return async () => {
    windows += 1;
    return createBridgeCarrier({ port: openWindow(relay, windows), after: afterTimeout });
  };
});

function openWindow(relay: BridgeRelay, id: number): BridgePort {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  listen(port2, (message) => relay.take({ id, send: (answer) => port2.postMessage(answer) }, message));
  return {
    post: (message) => port1.postMessage(message),
    onMessage: (listener) => {
      listen(port1, listener);
      return () => undefined;
    },
  };
}

function listen(port: MessagePort, listener: (message: BridgeMessage) => void): void {
  port.on('message', (data: BridgeMessage) => listener(data));
}

function afterTimeout(milliseconds: number, listener: () => void): () => void {
  const timer = setTimeout(listener, milliseconds);
  return () => clearTimeout(timer);
}
