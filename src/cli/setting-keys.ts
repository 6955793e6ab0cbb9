import { settingsSchema } from '../shared/settings.ts';

/** The keys that a user may set, such as `space.reserveBytes`, in the order of the schema. */
export function settingKeys(): string[] {
  return keysOf(settingsSchema).filter((key) => key !== 'version');
}

/** The value of a key, or undefined where it is not set and has no default. */
export function settingValue(settings: unknown, key: string): unknown {
  return key.split('.').reduce<unknown>((value, name) => propertyOf(value, name), settings);
}

function keysOf(schema: unknown): string[] {
  return Object.entries(shapeOf(schema)).flatMap(([name, inner]) => {
    const innerKeys = keysOf(inner);
    return innerKeys.length === 0 ? [name] : innerKeys.map((key) => `${name}.${key}`);
  });
}

/** The properties of an object schema, also of one inside zod's wrappers (optional, default, prefault). */
function shapeOf(schema: unknown): Readonly<Record<string, unknown>> {
  const shape = propertyOf(schema, 'shape');
  if (isRecord(shape)) return shape;
  const inner = propertyOf(propertyOf(schema, 'def'), 'innerType');
  return inner === undefined ? {} : shapeOf(inner);
}

function propertyOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
