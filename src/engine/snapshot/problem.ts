/** Something that verification found wrong, with the file of the snapshot that it is in. */
export interface Problem {
  /** Name inside the snapshot folder; an entry of the archive is `codex-code.tar.gz: path`. */
  readonly file: string;
  readonly message: string;
}
