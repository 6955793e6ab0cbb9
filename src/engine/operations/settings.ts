import { AppError } from '../../shared/app-error.ts';
import type { Settings } from '../../shared/settings.ts';
import type { EngineContext } from '../context.ts';
import { findBackups } from '../folders.ts';
import { checkSettingValue, resetSettings, settingsFile, writeSetting } from '../settings-file.ts';
import { forgetBackups } from '../snapshot/known-backups.ts';
import { recordActivity } from './record-activity.ts';

export function showSettings(context: EngineContext): { readonly file: string; readonly settings: Settings } {
  return { file: settingsFile(context.home), settings: context.settings() };
}

/** Sets one key from what was typed: JSON where it is JSON, else the text itself. Undefined resets it. */
export async function changeSetting(context: EngineContext, key: string, text: string | undefined): Promise<Settings> {
  if (key === 'version') throw new AppError('usage', 'The version of the settings can not be set.', {});
  const settings = writeSetting(context.home, key, text === undefined ? undefined : parseTyped(text));
  if (key === 'backups' && settings.backups !== undefined) {
    forgetBackups(context, findBackups(settings.backups, settings, context.root));
  }
  const message = text === undefined ? `The setting ${key} was reset.` : `The setting ${key} was changed to ${text}.`;
  context.logger.info(message);
  await recordActivity(context, { kind: 'settings', ok: true, snapshot: null, message });
  return settings;
}

/** Throws what changing it so would throw; changes nothing. */
export function checkSetting(context: EngineContext, key: string, text: string): void {
  checkSettingValue(context.home, key, parseTyped(text));
}

/** Lets the defaults hold again; the old file is kept beside the new one. */
export async function resetAllSettings(context: EngineContext): Promise<{ readonly kept: string | null }> {
  const kept = resetSettings(context.home, new Date(context.clock.now()));
  await recordActivity(context, { kind: 'settings', ok: true, snapshot: null, message: 'All settings were reset.' });
  return { kept };
}

function parseTyped(text: string): unknown {
  if (!/^(\[|\{|-?\d|true$|false$|")/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON after all: a folder may begin with a digit. The schema decides whether the text fits.
    return text;
  }
}
