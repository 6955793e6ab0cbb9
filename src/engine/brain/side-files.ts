/** What SQLite puts beside a database while it is used, and leaves there when a program is killed. */
export const sideSuffixes = ['-wal', '-shm', '-journal'] as const;
