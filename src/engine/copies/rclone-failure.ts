import { AppError, type ErrorCode } from '../../shared/app-error.ts';
import { full } from './copy-failure.ts';

/** The oldest version whose options are used; Debian 11 has 1.53, Debian 12 has 1.60. */
const oldest = [1, 57] as const;

export function rcloneMissing(): AppError {
  return new AppError('rclone-missing', 'rclone is not installed, or is not in the PATH.', {
    hint: 'Install it: "brew install rclone", "apt install rclone", or see rclone.org/install. Copies in folders need none.',
  });
}

/** Refuses a version that lacks what is needed; `text` is what `rclone version` prints. */
export function refuseOldRclone(text: string, program: string): void {
  const [, major, minor] = /^rclone v(\d+)\.(\d+)/m.exec(text) ?? [];
  if (Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1])) return;
  const found = major === undefined ? 'says no version' : `is version ${major}.${minor}`;
  throw new AppError('rclone-too-old', `${program} ${found}, and ${oldest.join('.')} or later is needed.`, {
    hint: 'Update it: "brew upgrade rclone", or see rclone.org/install.',
  });
}

interface Cause {
  readonly code: ErrorCode;
  readonly pattern: RegExp;
  readonly what: string;
  readonly hint: (remote: string) => string;
}

const nameOf = (remote: string): string => remote.slice(0, remote.indexOf(':') + 1);

/** What rclone's messages mean, the more telling ones first. */
const causes: readonly Cause[] = [
  {
    code: 'rclone-config',
    pattern:
      /didn't find section in config file|unable to decrypt configuration|Couldn't decrypt configuration|failed to load config|password.*required.*config|can't ask for password|RCLONE_CONFIG_PASS/i,
    what: 'is no remote that rclone knows, or its configuration can not be read',
    hint: (remote) =>
      `See "rclone listremotes"; ${nameOf(remote)} is made by "rclone config". An encrypted configuration needs RCLONE_CONFIG_PASS or RCLONE_PASSWORD_COMMAND.`,
  },
  {
    code: 'clock-off',
    pattern:
      /RequestTimeTooSkewed|time (?:is )?too skewed|clock skew|not yet valid|certificate has expired|x509: .*expired|token used before issued/i,
    what: 'refuses the date of this machine, or its certificate is too old',
    hint: () => 'Set the clock of this machine ("Set time and date automatically"), then try again.',
  },
  {
    code: 'copy-login',
    pattern:
      /invalid_grant|token (?:has )?expired|expired (?:access )?token|expired_access_token|couldn't fetch token|cannot fetch token|failed to (?:get|refresh) token|empty token|InvalidAuthenticationToken|ExpiredToken/i,
    what: 'has let the login expire',
    hint: (remote) => `Log in again: "rclone config reconnect ${nameOf(remote)}".`,
  },
  {
    code: 'copy-full',
    pattern:
      /no space left|insufficient storage|507 |quota(?: has been)? exceeded|storageQuotaExceeded|QuotaExceeded|quotaLimitReached|insufficient_space|disk full|not enough (?:space|quota)|EDQUOT|ENOSPC/i,
    what: 'is full',
    hint: () => 'Free some space there.',
  },
  {
    code: 'copy-login',
    pattern:
      /unauthorized|\b401\b|\b403\b|forbidden|access ?denied|unable to authenticate|SignatureDoesNotMatch|InvalidAccessKeyId|authentication failed|login (?:incorrect|failed)|invalid credentials|permission denied|couldn't decode.*password|failed to reveal|key mismatch|knownhosts/i,
    what: 'refuses the login, or this user may not write there',
    hint: (remote) =>
      `Correct user and password: "rclone config update ${nameOf(remote)}", or "rclone config". Try it: "rclone lsd ${nameOf(remote)}".`,
  },
  {
    code: 'copy-unreachable',
    pattern:
      /connection refused|no such host|i\/o timeout|network is unreachable|no route to host|connection reset|couldn't connect|TLS handshake|deadline exceeded|broken pipe|\bEOF\b|server misbehaving|host is down|50[234] /i,
    what: 'can not be reached',
    hint: () => 'Check the network and that the server runs. It is tried again by itself.',
  },
];

/** An error of rclone as one that people read: what happened, where, and what to do. Its own words come without secrets. */
export function rcloneFailure(remote: string, messages: readonly string[]): AppError {
  const text = messages.join('\n');
  const said = messages.at(-1) ?? 'nothing';
  const cause = causes.find(({ pattern }) => pattern.test(text));
  const details = { rclone: messages.slice(-5) };
  if (cause?.code === 'copy-full') return full(remote, new Error(said));
  if (cause === undefined) {
    return new AppError('copy-failed', `rclone failed at ${remote}: ${said}`, {
      hint: `Try it by hand: "rclone lsd ${nameOf(remote)}". What the copy holds is intact.`,
      details,
    });
  }
  return new AppError(cause.code, `${remote} ${cause.what}. rclone says: ${said}`, {
    hint: cause.hint(remote),
    details,
  });
}
