/** Every error code that a user or a script can meet, with what it means. Documented in docs/cli.md. */
export const errorCodes = {
  usage: 'the command was called wrongly',
  'settings-invalid': 'the settings can not be read or do not fit their schema',
  'settings-newer': 'the settings were written by a newer version',
  'state-newer': 'the state database was written by a newer version',
  'node-too-old': 'this Node is too old to run the program',
  'root-unset': 'no Codex folder is named anywhere',
  'root-missing': 'the Codex folder does not exist',
  'brain-missing': 'the Brain file does not exist',
  'brain-empty': 'the Brain file is empty',
  'brain-not-sqlite': 'the Brain file is not a SQLite database',
  'brain-encrypted': 'the Brain file looks encrypted',
  'brain-locked': 'another program holds the Brain locked',
  'brain-replaced': 'the Brain file was replaced while it was copied',
  'brain-unreadable': 'the Brain can not be read',
  'brain-unclean': 'the Brain ended in the middle of writing',
  'brain-hold-too-long': 'copying the Brain would block its writers for too long',
  'capture-timeout': 'copying a database took too long, or its WAL grew too large',
  'check-failed': 'the check of a database copy did not finish',
  'snapshot-missing': 'no snapshot has that name',
  'snapshot-ambiguous': 'more than one snapshot has that prefix',
  'snapshot-damaged': 'the snapshot is damaged',
  'snapshot-pinned': 'the snapshot is pinned',
  'snapshot-protected': 'the snapshot is the newest good one, or kept for a restore or an alarm',
  'retention-keeps-nothing': 'the rules of retention would keep no snapshot',
  'entry-missing': 'the snapshot holds no such file or folder',
  'backups-unwritable': 'the backups folder can not be written',
  'backups-unreadable': 'the backups folder can not be read',
  'backups-missing': 'the backups folder is not the one that was used before',
  'backups-around-code': 'an included folder lies inside the backups folder',
  'disk-full': 'the disk is full',
  'low-space': 'there is too little free space to start',
  io: 'reading or writing failed',
  busy: 'another process is at work on these backups',
  cancelled: 'the user cancelled',
  'link-missing': 'the Codex folder has no backup script to link',
  'link-conflict': 'the backup script is not what was linked',
  'target-exists': 'the target exists already',
  'names-collide': 'the disk can not hold two names that differ only in case or accents',
  'restore-refused': 'the restore can not begin; nothing was touched',
  'restore-missing': 'there is no such restore',
  'restore-rolled-back': 'the restore failed, and everything was put back',
  'rollback-failed': 'the restore failed, and not everything could be put back',
  'journal-damaged': 'the journal of a restore can not be believed',
  'copy-unknown': 'the settings name no such copy',
  'copy-absent': 'the copy is not there: its disk is not connected, read-only, or another one',
  'copy-foreign': 'the copy holds the snapshots of other backups',
  'copy-failed': 'a copy could not be written or read',
  'copy-full': 'the place of a copy is full',
  'copy-unreachable': 'the remote of a copy can not be reached',
  'copy-login': 'the remote of a copy refuses the login',
  'clock-off': 'a remote refuses the clock of this machine',
  'rclone-missing': 'rclone is not installed',
  'rclone-too-old': 'rclone is too old',
  'rclone-config': "rclone's configuration has no such remote, or can not be read",
  'service-unavailable': 'the system can not run the watcher as a service',
  'connection-lost': 'the panel has lost the program behind it',
  'port-in-use': 'another program listens on that port',
  bug: 'a defect of this program',
} as const;

export type ErrorCode = keyof typeof errorCodes;

export interface AppErrorOptions {
  /** What the user can do now, as one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Facts for scripts and logs: paths, ids, the holder of a lock. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An expected failure: what happened, to which file, and what to do now. Anything else that is thrown is a bug. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }
}

/** The plain form in which an error crosses processes and is printed by `--json`. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Turns whatever was thrown into a report; what is not an AppError is reported as a bug. */
export function reportError(error: unknown): ErrorReport {
  if (error instanceof AppError) {
    return { code: error.code, message: error.message, hint: error.hint ?? '', details: error.details };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'bug',
    message: `Unexpected error: ${message}`,
    hint: 'This is a defect of Codex Auto-Backup. Please report it with the log.',
    details: error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {},
  };
}

/** The system's error code (`ENOSPC`, `EACCES`, …) of something thrown, or undefined. */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
