import { EventEmitter } from 'node:events';
import type { BrowserWindow, Screen, VisibleOnAllWorkspacesOptions } from 'electron';
import { expect, test } from 'vitest';
import { createPanelWindow } from '../../src/main/panel-window.ts';

test('the panel comes over every space of macOS without hiding the other window for a moment', () => {
  const calls: (VisibleOnAllWorkspacesOptions | undefined)[] = [];
  const silent = (): void => undefined;
  const window = Object.assign(new EventEmitter(), {
    setVisibleOnAllWorkspaces: (_visible: boolean, options?: VisibleOnAllWorkspacesOptions) => void calls.push(options),
    setBounds: silent,
    show: silent,
    focus: silent,
  });
  const screen = {
    getCursorScreenPoint: () => ({ x: 0, y: 0 }),
    getDisplayNearestPoint: () => ({ workArea: { x: 0, y: 0, width: 1000, height: 800 } }),
  };
  const panel = createPanelWindow({
    windows: { open: () => window as unknown as BrowserWindow, isOurs: () => true, find: () => undefined },
    screen: screen as unknown as Screen,
    platform: 'darwin',
    now: () => 0,
  });
  panel.show(undefined);
  expect(calls).toEqual([{ visibleOnFullScreen: true, skipTransformProcessType: true }]);
});
