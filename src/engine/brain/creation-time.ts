/** A column that says when a row was made, by its name. */
export function creationColumn(columns: readonly string[]): string | undefined {
  const names = ['createdat', 'created', 'ingestedat', 'timestamp', 'time', 'date', 'ts', 'updatedat'];
  const plain = columns.map((column) => ({ column, name: column.toLowerCase().replaceAll('_', '') }));
  return names.flatMap((wanted) => plain.filter(({ name }) => name === wanted))[0]?.column;
}

/** Its value as a time: text as it is; numbers as seconds or milliseconds since 1970. */
export function toTime(value: unknown): string | null {
  if (typeof value === 'string') return value.slice(0, 40);
  if (typeof value !== 'number' || value < 1e8) return null;
  const time = new Date(value < 1e11 ? value * 1000 : value);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
