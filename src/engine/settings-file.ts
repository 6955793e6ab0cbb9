import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError, systemErrorCode } from '../shared/app-error.ts';
import { type Settings, settingsSchema } from '../shared/settings.ts';
import { replaceFile } from './platform/durable-file.ts';

const newestVersion = 1;

export function settingsFile(home: string): string {
  return join(home, 'settings.json');
}

/** Reads the settings, with defaults for what is not set. A file that does not fit is refused, and left as it is. */
export function readSettings(home: string): Settings {
  return parseSettings(readSettingsObject(home), settingsFile(home));
}

/** Sets one key, such as `watch.intervalSeconds`, or resets it with undefined, and writes the file. */
export function writeSetting(home: string, key: string, value: unknown): Settings {
  const file = settingsFile(home);
  const { object, settings } = changeObject(home, key, value);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  replaceFile(file, `${JSON.stringify({ version: newestVersion, ...object }, null, 2)}\n`);
  return settings;
}

/** Throws what writing that value would throw. */
export function checkSettingValue(home: string, key: string, value: unknown): void {
  changeObject(home, key, value);
}

function changeObject(home: string, key: string, value: unknown) {
  const object = structuredClone(readSettingsObject(home));
  parseSettings(object, settingsFile(home));
  setPath(object, key, value);
  return { object, settings: parseChanged(object, key) };
}

/** Moves the settings file aside, so that the defaults hold; answers where it is kept, or null without a file. */
export function resetSettings(home: string, now: Date): string | null {
  const file = settingsFile(home);
  const kept = `${file}.kept-${now.toISOString().replaceAll(/[:.]/g, '-')}`;
  try {
    renameSync(file, kept);
    return kept;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readSettingsObject(home: string): JsonObject {
  const file = settingsFile(home);
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isObject(value)) return value;
    throw invalid(file, 'it is not a JSON object');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return {};
    if (error instanceof AppError) throw error;
    throw invalid(file, error instanceof Error ? error.message : String(error), error);
  }
}

function parseSettings(object: JsonObject, file: string): Settings {
  const version = object['version'];
  if (typeof version === 'number' && version > newestVersion) {
    throw new AppError('settings-newer', `${file} has version ${version}, and this program knows ${newestVersion}.`, {
      hint: 'Update Codex Auto-Backup. The file was left as it is.',
    });
  }
  const parsed = settingsSchema.safeParse(object);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(file, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`, parsed.error);
}

/** The file was good before this change, so what does not fit is the new value. */
function parseChanged(object: JsonObject, key: string): Settings {
  const parsed = settingsSchema.safeParse(object);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError(
    'settings-invalid',
    `The setting "${key}" can not be set so: ${issue?.message ?? 'does not fit'}.`,
    {
      hint: 'Nothing was changed. See all settings and their form with "codex-backup settings", and in docs/cli.md.',
      cause: parsed.error,
    },
  );
}

function invalid(file: string, why: string, cause?: unknown): AppError {
  return new AppError('settings-invalid', `The settings in ${file} can not be used: ${why}`, {
    hint: 'Correct the file, or start anew with "codex-backup settings --reset", which keeps the old file beside it.',
    cause,
  });
}

function setPath(object: JsonObject, key: string, value: unknown): void {
  const names = key.split('.');
  const last = names.pop();
  let inner = object;
  for (const name of names) {
    const next = inner[name];
    inner = isObject(next) ? next : assignNew(inner, name);
  }
  if (last === undefined || [...names, last].some((name) => name === '' || name === '__proto__')) {
    throw new AppError('usage', `"${key}" is no setting.`, { hint: 'See them all with "codex-backup settings".' });
  }
  if (value === undefined) delete inner[last];
  else inner[last] = value;
}

function assignNew(object: JsonObject, name: string): JsonObject {
  const inner: JsonObject = {};
  Object.defineProperty(object, name, { value: inner, enumerable: true, writable: true, configurable: true });
  return inner;
}
