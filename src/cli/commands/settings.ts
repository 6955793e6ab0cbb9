import { resolve } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { AppError } from '../../shared/app-error.ts';
import { escapeControl } from '../../shared/format.ts';
import { settingsSchema } from '../../shared/settings.ts';
import type { Command, Outcome } from '../command.ts';
import { formatSettings, formatSettingValue } from '../output/settings-text.ts';
import { settingKeys, settingValue } from '../setting-keys.ts';

/** Shows all settings or one, sets one from its text, or resets one (or all) to the default. */
export const settings: Command = {
  arguments: [
    { spec: '[key]', describe: 'one setting, such as space.reserveBytes' },
    { spec: '[value]', describe: 'its new value; a list as JSON' },
  ],
  options: [{ spec: '--reset', describe: 'put the setting, or all of them, back to the default' }],
  run: async (context) => {
    const [key, value] = context.input.args;
    const reset = context.input.flag('reset');
    checkArguments(key, value, reset);
    const engine = await context.engine();
    if (reset && key === undefined) return resetAll(engine);
    if (key !== undefined && (reset || value !== undefined)) return change(engine, key, value);
    return showSettings(engine, key);
  },
};

function checkArguments(key: string | undefined, value: string | undefined, reset: boolean): void {
  if (reset && value !== undefined) {
    throw new AppError('usage', 'A value is given, and --reset as well.', { hint: 'Give one of the two.' });
  }
  if (key === undefined || settingKeys().includes(key)) return;
  const group = settingKeys().filter((each) => each.startsWith(`${key}.`));
  const hint = group.length > 0 ? `It holds ${group.join(', ')}.` : 'See all settings with "codex-backup settings".';
  throw new AppError('usage', `There is no setting "${key}".`, { hint });
}

async function change(engine: Engine, key: string, value: string | undefined): Promise<Outcome> {
  const changed = await engine.changeSetting(key, value === undefined ? undefined : absoluteFolder(key, value));
  const { file } = await engine.settings();
  return {
    data: { settings: changed, file },
    text: () => `${key} = ${formatSettingValue(settingValue(changed, key))}`,
    confirms: true,
  };
}

/** The settings hold for every working folder, so a folder is kept as the absolute path that it means here. */
function absoluteFolder(key: string, value: string): string {
  return (key === 'root' || key === 'backups') && value !== '' ? resolve(value) : value;
}

async function resetAll(engine: Engine): Promise<Outcome> {
  const { kept } = await engine.resetSettings();
  const { file, settings: defaults } = await engine.settings();
  const done = 'All settings are back to their defaults.';
  return {
    data: { settings: defaults, file, kept },
    text: () => (kept === null ? done : `${done}\nThe old file is kept as ${escapeControl(kept)}.`),
    confirms: true,
  };
}

async function showSettings(engine: Engine, key: string | undefined): Promise<Outcome> {
  const { file, settings: inForce } = await engine.settings();
  const view = { file, inForce, defaults: settingsSchema.parse({}), keys: settingKeys() };
  return {
    data: { settings: inForce, file },
    text: (style) => (key === undefined ? formatSettings(view, style) : formatSettingValue(settingValue(inForce, key))),
  };
}
