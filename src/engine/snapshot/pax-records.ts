/** The records of a PAX header (`LENGTH KEY=VALUE\n`, POSIX pax): each is as long as it says, so values may hold anything. */
export function parsePaxRecords(text: string): Map<string, string> {
  const bytes = Buffer.from(text);
  const records = new Map<string, string>();
  for (let start = 0; start < bytes.length; ) {
    const space = bytes.indexOf(0x20, start);
    const length = Number(bytes.toString('latin1', start, space));
    if (space < 0 || !Number.isSafeInteger(length) || length < space - start + 3) break;
    const record = bytes.toString('utf8', space + 1, start + length - 1);
    const equals = record.indexOf('=');
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    start += length;
  }
  return records;
}
