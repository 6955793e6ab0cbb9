import { EventEmitter } from 'node:events';
import type { Notification } from 'electron';
import { describe, expect, test } from 'vitest';
import { createNotifier } from '../../src/main/notifier.ts';

class DrawnNotification extends EventEmitter {
  readonly options: { readonly title?: string; readonly body?: string };
  isShown = false;

  constructor(options: { readonly title?: string; readonly body?: string }) {
    super();
    this.options = options;
  }

  show(): void {
    this.isShown = true;
  }
}

function stage(isSupported = true) {
  const drawn: DrawnNotification[] = [];
  const clicked: string[] = [];
  const silent = () => undefined;
  const notifier = createNotifier({
    isSupported: () => isSupported,
    create: (options) => {
      const notification = new DrawnNotification(options);
      drawn.push(notification);
      return notification as unknown as Notification;
    },
    onClick: (hash) => clicked.push(hash),
    log: { info: silent, warn: silent, error: silent },
  });
  return { notifier, drawn, clicked };
}

describe('notifications', () => {
  test('are shown, and a click opens the view that they are about', () => {
    const { notifier, drawn, clicked } = stage();
    notifier.show({ title: 'Snapshot taken', body: 'Brain +62 KB, 41 events.', hash: '#/snapshot/x' });
    expect(drawn.map(({ options, isShown }) => [options.title, isShown])).toEqual([['Snapshot taken', true]]);
    drawn[0]?.emit('click');
    expect(clicked).toEqual(['#/snapshot/x']);
  });

  test('that the system refuses are known, for the settings to say so, until one is shown', () => {
    const { notifier, drawn } = stage();
    expect(notifier.state()).toBe('shown');
    notifier.show({ title: 'a', body: '', hash: '#/' });
    drawn[0]?.emit('failed', {}, 'not signed');
    expect(notifier.state()).toBe('refused');
    notifier.show({ title: 'b', body: '', hash: '#/' });
    drawn[1]?.emit('show');
    expect(notifier.state()).toBe('shown');
  });

  test('are not tried where the system has none', () => {
    const { notifier, drawn } = stage(false);
    notifier.show({ title: 'a', body: '', hash: '#/' });
    expect(drawn).toEqual([]);
    expect(notifier.state()).toBe('unsupported');
  });

  test('show names from a Brain or a disk as text, and no more of them than fits', () => {
    const { notifier, drawn } = stage();
    notifier.show({ title: 'a\u202eb', body: 'x'.repeat(1000), hash: '#/' });
    expect(drawn[0]?.options.title).toBe('a\\u202eb');
    expect(drawn[0]?.options.body?.length).toBeLessThanOrEqual(240);
  });
});
