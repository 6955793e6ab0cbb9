/**
 * A text for a value that goes from main to a page. Electron carries whatever can be cloned; here, what can be
 * cloned but isn't JSON is refused, since no message of the app is anything else.
 */
export function encodeMessage(message: unknown): string {
  return JSON.stringify(structuredClone(message), (key, value: unknown) => {
    const isPlain = value === null || ['string', 'boolean', 'undefined'].includes(typeof value) || isPlainObject(value);
    if (isPlain || (typeof value === 'number' && Number.isFinite(value))) return value;
    throw new Error(`The stand-in for Electron carries JSON only, which "${key}" is not.`);
  });
}

function isPlainObject(value: unknown): boolean {
  return Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]';
}
