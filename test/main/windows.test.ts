import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { expect, test } from 'vitest';
import { goTo } from '../../src/main/windows.ts';

test('a window that is asked to show something while its page still comes shows it then', () => {
  const sent: unknown[] = [];
  let isLoading = true;
  const webContents = Object.assign(new EventEmitter(), {
    isLoadingMainFrame: () => isLoading,
    send: (_channel: string, hash: unknown) => void sent.push(hash),
  });
  const window = { webContents } as unknown as BrowserWindow;
  goTo(window, '#/restore/1');
  expect(sent).toEqual([]);
  isLoading = false;
  webContents.emit('did-finish-load');
  expect(sent).toEqual(['#/restore/1']);
  goTo(window, '#/activity');
  expect(sent).toEqual(['#/restore/1', '#/activity']);
});
