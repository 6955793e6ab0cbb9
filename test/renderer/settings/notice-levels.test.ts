import { expect, test } from 'vitest';
import { noticeLevels, notificationProblem } from '../../../src/renderer/settings/notice-levels.ts';
import { changeableSettings } from '../../../src/shared/protocol/setting-keys.ts';
import { settingsSchema } from '../../../src/shared/settings.ts';

test('every kind of notification has its switch, which a window may change', () => {
  const { notify } = settingsSchema.parse({});
  expect(noticeLevels.map(({ key }) => key).toSorted()).toEqual(Object.keys(notify).toSorted());
  expect(changeableSettings).toEqual(expect.arrayContaining(noticeLevels.map(({ key }) => `notify.${key}`)));
});

test('the settings say when the system shows none', () => {
  expect(notificationProblem('shown')).toBeUndefined();
  expect(notificationProblem('refused')?.text).toContain('The icon in the menu bar');
  expect(notificationProblem('unsupported')?.title).toContain('no notifications');
});
