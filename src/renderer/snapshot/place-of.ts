/** A table of a database as the value of an option, and back. */
export interface Place {
  readonly database: string;
  readonly table: string;
}

/** No path and no table's name holds a NUL. */
const between = '\u0000';

export const placeText = ({ database, table }: Place): string => `${database}${between}${table}`;

/** Undefined for the text of no place. */
export function parsePlace(text: string): Place | undefined {
  const [database, table] = text.split(between);
  return database === undefined || table === undefined ? undefined : { database, table };
}
