/** The header that saves a file under its own name, whatever that name holds: quotes, line breaks, other scripts. */
export function attachmentHeader(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%/]/g, '_').slice(0, 150);
  return `attachment; filename="${plain === '' ? 'file' : plain}"; filename*=UTF-8''${encodeExtended(name)}`;
}

/** RFC 8187: what `encodeURIComponent` leaves is escaped too, and half a surrogate pair can't be encoded at all. */
function encodeExtended(name: string): string {
  const whole = name.toWellFormed().replaceAll(/[\u0000-\u001f\u007f/\\\u202a-\u202e\u2066-\u2069]/g, '_');
  return encodeURIComponent([...whole].slice(0, 150).join('')).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
