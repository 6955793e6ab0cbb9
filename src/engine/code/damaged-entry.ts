/** What the archive holds at `path` is not what it should be. */
export class DamagedEntryError extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(reason);
    this.name = 'DamagedEntryError';
    this.path = path;
  }
}
