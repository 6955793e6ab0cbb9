import { escapeControl } from '../../shared/format.ts';
import type { Settings } from '../../shared/settings.ts';
import { settingValue } from '../setting-keys.ts';
import { formatPairs } from './sections.ts';
import type { TextStyle } from './text-style.ts';

export interface SettingsView {
  readonly file: string;
  readonly inForce: Settings;
  readonly defaults: Settings;
  readonly keys: readonly string[];
}

/** Every setting with its value; those that differ from the default are marked. */
export function formatSettings({ file, inForce, defaults, keys }: SettingsView, style: TextStyle): string {
  const pairs = keys.map((key) => {
    const value = formatSettingValue(settingValue(inForce, key));
    const changed = value !== formatSettingValue(settingValue(defaults, key));
    return [key, changed ? `${value}  ${style.dim('(changed)')}` : value] as const;
  });
  return [...formatPairs(pairs, style), '', style.dim(escapeControl(file))].join('\n');
}

/** A value as `settings KEY VALUE` takes it: text as it is, everything else as JSON. */
export function formatSettingValue(value: unknown): string {
  if (value === undefined) return 'not set';
  return escapeControl(typeof value === 'string' ? value : JSON.stringify(value));
}
