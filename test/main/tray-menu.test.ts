import { describe, expect, test } from 'vitest';
import { toTemplate } from '../../src/main/menu-template.ts';
import { type MenuAction, type MenuEntry, planTrayMenu } from '../../src/main/tray-menu.ts';
import { createJob, createRow, createStatus, createView, now } from './support/views.ts';

const plan = (view = createView(), login: Parameters<typeof planTrayMenu>[0]['login'] = null): readonly MenuEntry[] =>
  planTrayMenu({ view, login, now }).flat();
const ids = (entries: readonly MenuEntry[]): readonly string[] => entries.map(({ id }) => id);
const find = (entries: readonly MenuEntry[], id: string): MenuEntry | undefined =>
  entries.find((entry) => entry.id === id);

describe('the menu of the icon', () => {
  test('has the state, a snapshot, the last three, pausing, and the rest', () => {
    const snapshots = [4, 3, 2, 1].map((number) => createRow(-number));
    const entries = plan(createView({ snapshots }), { isOn: false, note: '' });
    expect(ids(entries)).toEqual([
      'headline',
      'back-up',
      'snapshot-1',
      'snapshot-2',
      'snapshot-3',
      'pause-hour',
      'pause-tomorrow',
      'open',
      'settings',
      'show-logs',
      'start-at-login',
      'quit',
    ]);
    expect(find(entries, 'snapshot-1')?.label).toBe('1 min ago (Growth, Brain 940 KB)');
    expect(find(entries, 'snapshot-1')?.submenu?.map(({ action }) => action)).toEqual([
      { kind: 'restore', id: snapshots[0]?.id },
      { kind: 'showInFolder', id: snapshots[0]?.id },
      { kind: 'browse', id: snapshots[0]?.id },
    ]);
  });

  test('cancels what runs, and says so when it can not be cancelled', () => {
    const running = plan(createView({ jobs: [createJob()] }));
    expect(find(running, 'back-up')).toBeUndefined();
    expect(find(running, 'cancel')).toMatchObject({
      label: 'Cancel: Backing up',
      action: { kind: 'cancel', job: 'job-1' },
    });
    const cancelling = plan(createView({ jobs: [createJob({ isCancelling: true, canCancel: false })] }));
    expect(find(cancelling, 'cancel')).toEqual({ id: 'cancel', label: 'Backing up: cancelling …' });
    const watcher = plan(createView({ jobs: [createJob({ by: 'watcher', canCancel: false })] }));
    expect(find(watcher, 'cancel')?.action).toBeUndefined();
  });

  test('takes no snapshot while another program restores', () => {
    const holder = { pid: 7, host: 'mac', what: 'restore', startedAt: '2026-01-01T00:00:00.000Z' };
    const restoring = plan(createView({ status: createStatus({ holder }) }));
    expect(find(restoring, 'back-up')).toEqual({ id: 'back-up', label: 'Restoring …' });
  });

  test('resumes a pause, and offers none where another program watches', () => {
    const paused = plan(createView({ status: createStatus({ watching: { kind: 'paused', until: null } }) }));
    expect(ids(paused)).toContain('resume');
    expect(ids(paused)).not.toContain('pause-hour');
    const elsewhere = plan(createView({ status: createStatus({ watching: { kind: 'elsewhere', holder: null } }) }));
    expect(ids(elsewhere)).not.toContain('pause-hour');
  });

  test('pauses until eight in the morning of the next day, and never for more than a day', () => {
    const pause = (at: Date): number => {
      const entries = planTrayMenu({ view: createView(), login: null, now: at.getTime() }).flat();
      const action = find(entries, 'pause-tomorrow')?.action;
      return action?.kind === 'pause' ? action.minutes : 0;
    };
    expect(pause(new Date(2025, 10, 22, 20, 0))).toBe(12 * 60);
    expect(pause(new Date(2025, 10, 22, 2, 0))).toBe(24 * 60);
    expect(pause(new Date(2025, 10, 22, 23, 59, 30))).toBe(8 * 60 + 1);
  });

  test('keeps what needs no engine while there is none', () => {
    const view = createView({ status: null, engineProblem: 'it ended with 9', snapshots: [createRow(1)] });
    expect(ids(plan(view))).toEqual(['headline', 'open', 'settings', 'show-logs', 'quit']);
  });

  test('becomes a menu whose items do what they say, and whose ampersands are shown', () => {
    const chosen: MenuAction[] = [];
    const groups = [
      [{ id: 'headline', label: 'Rock & Roll' }],
      [{ id: 'quit', label: 'Quit', action: { kind: 'quit' as const } }],
    ];
    const template = toTemplate(groups, (action) => chosen.push(action));
    expect(template.map(({ type, label, enabled }) => type ?? [label, enabled])).toEqual([
      ['Rock && Roll', false],
      'separator',
      ['Quit', true],
    ]);
    const quit = template.at(-1)?.click as (() => void) | undefined;
    quit?.();
    expect(chosen).toEqual([{ kind: 'quit' }]);
  });

  test('ticks starting at login, and says what the system wants for it', () => {
    const entries = plan(createView(), { isOn: true, note: 'allow it in System Settings' });
    expect(find(entries, 'start-at-login')).toEqual({
      id: 'start-at-login',
      label: 'Start at Login (allow it in System Settings)',
      isChecked: true,
      action: { kind: 'startAtLogin', isOn: false },
    });
  });
});
