import { describe, expect, test } from 'vitest';
import { createBridgeRelay, type RelayWindow } from '../../src/main/bridge-relay.ts';
import type { BridgeMessage } from '../../src/shared/protocol/bridge-messages.ts';

function stage() {
  const toEngine: BridgeMessage[] = [];
  const relay = createBridgeRelay((message) => toEngine.push(message));
  const openWindow = (id: number): RelayWindow & { readonly got: BridgeMessage[] } => {
    const got: BridgeMessage[] = [];
    return { id, got, send: (message) => got.push(message) };
  };
  return { relay, toEngine, openWindow };
}

const text = (channel: string, content: string): BridgeMessage => ({ kind: 'text', channel, text: content });

describe('main between windows and the engine process', () => {
  test('a window that asks before the engine runs is connected when it does', () => {
    const { relay, toEngine, openWindow } = stage();
    const window = openWindow(7);
    relay.take(window, { kind: 'open', channel: '1' });
    expect(toEngine).toEqual([]);
    relay.engineReady();
    expect(toEngine).toEqual([{ kind: 'open', channel: '1' }]);
    relay.takeFromEngine({ kind: 'opened', channel: '1' });
    expect(window.got).toEqual([{ kind: 'opened', channel: '1' }]);
  });

  test('every window hears only its own, whatever it calls its channel', () => {
    const { relay, toEngine, openWindow } = stage();
    relay.engineReady();
    const [first, second] = [openWindow(1), openWindow(2)];
    for (const window of [first, second]) relay.take(window, { kind: 'open', channel: '1' });
    relay.take(second, text('1', 'from two'));
    // The channel of another window can't be named.
    relay.take(first, text('2', 'not mine'));
    expect(toEngine.filter(({ kind }) => kind === 'text')).toEqual([text('2', 'from two')]);
    relay.takeFromEngine(text('2', 'to two'));
    expect(second.got).toEqual([text('1', 'to two')]);
    expect(first.got).toEqual([]);
  });

  test('a page that is loaded anew, or gone, leaves no channel behind', () => {
    const { relay, toEngine, openWindow } = stage();
    relay.engineReady();
    const window = openWindow(1);
    relay.take(window, { kind: 'open', channel: '1' });
    relay.take(window, { kind: 'open', channel: '1' });
    expect(toEngine.map(({ kind, channel }) => [kind, channel])).toEqual([
      ['open', '1'],
      ['close', '1'],
      ['open', '2'],
    ]);
    relay.takeFromEngine(text('1', 'too late'));
    expect(window.got).toEqual([]);
    relay.forget(1);
    relay.forget(1);
    expect(toEngine.slice(3)).toMatchObject([{ kind: 'close', channel: '2' }]);
  });

  test('a window whose message was refused is told that its channel is closed, and may ask again', () => {
    const { relay, toEngine, openWindow } = stage();
    relay.engineReady();
    const window = openWindow(1);
    relay.refuse(1);
    relay.take(window, { kind: 'open', channel: '4' });
    relay.refuse(1);
    expect(window.got).toMatchObject([{ kind: 'close', channel: '4', isFinal: false }]);
    relay.take(window, { kind: 'open', channel: '5' });
    expect(toEngine.map(({ kind }) => kind)).toEqual(['open', 'close', 'open']);
  });

  test('windows are told when the engine is lost, and may ask again', () => {
    const { relay, toEngine, openWindow } = stage();
    relay.engineReady();
    const window = openWindow(1);
    relay.take(window, { kind: 'open', channel: '1' });
    relay.engineGone('it ended with 9');
    expect(window.got).toEqual([{ kind: 'close', channel: '1', reason: 'it ended with 9', isFinal: false }]);
    relay.take(window, text('1', 'into the void'));
    relay.take(window, { kind: 'open', channel: '2' });
    relay.engineReady();
    expect(toEngine.map(({ kind, channel }) => [kind, channel])).toEqual([
      ['open', '1'],
      ['open', '2'],
    ]);
  });

  test('a window can not pretend to be the engine', () => {
    const { relay, toEngine, openWindow } = stage();
    relay.engineReady();
    const window = openWindow(1);
    relay.take(window, { kind: 'open', channel: '1' });
    relay.take(window, { kind: 'opened', channel: '1' });
    expect(toEngine).toEqual([{ kind: 'open', channel: '1' }]);
  });
});
