import type { ErrorCode } from '../shared/app-error.ts';

/** What each exit code of a command means. See docs/cli.md, "Exit codes". */
export const exitCodes = {
  done: 0,
  /** Nothing was published or changed. */
  failed: 1,
  /** Wrong usage or settings. */
  usage: 2,
  /** Done, but incomplete or something did not verify. */
  incomplete: 3,
  busy: 4,
  /** No such root, Brain, backups folder, snapshot or entry. */
  missing: 5,
  /** Failed, and everything was put back. */
  rolledBack: 6,
  /** Failed, and not everything could be put back. */
  notRolledBack: 7,
  cancelled: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of a command that ended with this error. */
export function exitCodeFor(code: ErrorCode): ExitCode {
  switch (code) {
    case 'usage':
    case 'settings-invalid':
    case 'settings-newer':
    case 'state-newer':
    case 'node-too-old':
    case 'snapshot-ambiguous':
    case 'backups-around-code':
    case 'retention-keeps-nothing':
      return exitCodes.usage;
    case 'root-unset':
    case 'root-missing':
    case 'brain-missing':
    case 'backups-missing':
    case 'snapshot-missing':
    case 'entry-missing':
    case 'restore-missing':
    case 'copy-unknown':
    case 'copy-absent':
      return exitCodes.missing;
    case 'restore-rolled-back':
      return exitCodes.rolledBack;
    case 'rollback-failed':
    case 'journal-damaged':
      return exitCodes.notRolledBack;
    case 'busy':
      return exitCodes.busy;
    case 'cancelled':
      return exitCodes.cancelled;
    case 'brain-empty':
    case 'brain-not-sqlite':
    case 'brain-encrypted':
    case 'brain-locked':
    case 'brain-replaced':
    case 'brain-unreadable':
    case 'brain-unclean':
    case 'brain-hold-too-long':
    case 'capture-timeout':
    case 'check-failed':
    case 'snapshot-damaged':
    case 'snapshot-pinned':
    case 'snapshot-protected':
    case 'backups-unwritable':
    case 'backups-unreadable':
    case 'disk-full':
    case 'low-space':
    case 'io':
    case 'link-missing':
    case 'link-conflict':
    case 'target-exists':
    case 'names-collide':
    case 'restore-refused':
    case 'copy-foreign':
    case 'copy-failed':
    case 'copy-full':
    case 'copy-unreachable':
    case 'copy-login':
    case 'clock-off':
    case 'rclone-missing':
    case 'rclone-too-old':
    case 'rclone-config':
    case 'service-unavailable':
    case 'connection-lost':
    case 'port-in-use':
    case 'bug':
      return exitCodes.failed;
  }
}
