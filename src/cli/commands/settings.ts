import type { Engine } from '../../engine/engine.ts';
import { AppError } from '../../shared/app-error.ts';
import { settingsSchema } from '../../shared/settings.ts';
import type { Command, Outcome } from '../command.ts';
import { formatSettings, formatSettingValue } from '../output/settings-text.ts';
import { settingKeys, settingValue } from '../setting-keys.ts';

/** Shows all settings or one, sets one from its text, or resets one to its default. */
export const settings: Command = {
  arguments: [
    { spec: '[key]', describe: 'one setting, such as space.reserveBytes' },
    { spec: '[value]', describe: 'its new value; a list as JSON' },
  ],
  options: [{ spec: '--reset', describe: 'put the setting back to its default' }],
  run: async (context) => {
    const [key, value] = context.input.args;
    const reset = context.input.flag('reset');
    checkArguments(key, value, reset);
    const engine = await context.engine();
    if (key !== undefined && (reset || value !== undefined)) return change(engine, key, value);
    return showSettings(engine, key);
  },
};

function checkArguments(key: string | undefined, value: string | undefined, reset: boolean): void {
  const hint = 'See all settings with "codex-backup settings".';
  if (reset && key === undefined) throw new AppError('usage', '--reset needs the setting to reset.', { hint });
  if (reset && value !== undefined) {
    throw new AppError('usage', 'A value is given, and --reset as well.', { hint: 'Give one of the two.' });
  }
  if (key !== undefined && !settingKeys().includes(key)) {
    throw new AppError('usage', `There is no setting "${key}".`, { hint });
  }
}

async function change(engine: Engine, key: string, value: string | undefined): Promise<Outcome> {
  const changed = await engine.changeSetting(key, value);
  const { file } = await engine.settings();
  return {
    data: { settings: changed, file },
    text: () => `${key} = ${formatSettingValue(settingValue(changed, key))}`,
    confirms: true,
  };
}

async function showSettings(engine: Engine, key: string | undefined): Promise<Outcome> {
  const { file, settings: inForce } = await engine.settings();
  const defaults = settingsSchema.parse({});
  return {
    data: { settings: inForce, file },
    text: (style) =>
      key === undefined
        ? formatSettings({ file, inForce, defaults, keys: settingKeys() }, style)
        : formatSettingValue(settingValue(inForce, key)),
  };
}
