import { describe, expect, test } from 'vitest';
import { rcloneFailure, refuseOldRclone } from '../../../src/engine/copies/rclone-failure.ts';
import { hideLikelySecrets } from '../../../src/engine/platform/secrets.ts';

/** What rclone and the clouds behind it really write. */
const messages: readonly (readonly [string, string])[] = [
  ['rclone-config', 'Failed to create file system for "nope:": didn\'t find section in config file'],
  [
    'rclone-config',
    'Failed to load config file "/x": unable to decrypt configuration and not allowed to ask for password',
  ],
  ['clock-off', 'RequestTimeTooSkewed: The difference between the request time and the current time is too large.'],
  [
    'clock-off',
    'Get "https://x/": x509: certificate has expired or is not yet valid: current time 2019-01-01T00:00:00Z is before 2026',
  ],
  [
    'copy-login',
    'couldn\'t fetch token: invalid_grant: maybe token expired? - try refreshing with "rclone config reconnect drive:"',
  ],
  ['copy-login', "couldn't list files: Unauthorized: 401 Unauthorized"],
  [
    'copy-login',
    "NewFs: couldn't connect SSH: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none password]",
  ],
  ['copy-login', 'SignatureDoesNotMatch: The request signature we calculated does not match'],
  ['copy-login', 'AccessDenied: Access Denied status code: 403'],
  ['copy-full', 'Insufficient Storage: 507 Insufficient Storage'],
  ['copy-full', "googleapi: Error 403: The user's Drive storage quota has been exceeded., storageQuotaExceeded"],
  ['copy-full', 'write /disk/x: no space left on device'],
  ['copy-unreachable', 'Propfind "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused'],
  ['copy-unreachable', 'dial tcp: lookup example.invalid: no such host'],
  ['copy-failed', 'something that nobody has ever seen'],
];

describe('what rclone says', () => {
  test.for(messages)('is %s: %s', ([code, message]) => {
    const error = rcloneFailure('cloud:codex', ['first', message]);
    expect(error).toMatchObject({ code });
    expect(error.hint?.length).toBeGreaterThan(10);
    expect(error.message).toContain('cloud:codex');
  });
});

test('an expired token comes with the command that renews it', () => {
  const { hint } = rcloneFailure('drive:codex', ["couldn't fetch token: invalid_grant"]);
  expect(hint).toContain('"rclone config reconnect drive:"');
});

test.for([
  'Propfind "https://ana:hunter2-secret@example.org/": 401',
  'Authorization: Bearer hunter2-secret',
  '{"access_token":"hunter2-secret","expiry":"2026"}',
  'pass = hunter2-secret',
  'secret_access_key=hunter2-secret&region=eu',
  'X-Amz-Signature=hunter2-secret',
])('no secret is left in %s', (text) => {
  expect(hideLikelySecrets(text)).not.toContain('hunter2-secret');
});

test('a version is old before 1.57, whatever follows its number', () => {
  for (const version of ['v1.57.0', 'v1.60.1-DEV', 'v1.71.2', 'v2.0.0-beta.1']) {
    expect(() => refuseOldRclone(`rclone ${version}\n- os/version: debian`, '/usr/bin/rclone')).not.toThrow();
  }
  for (const text of ['rclone v1.56.2', 'rclone v1.50.2', 'rclone', '']) {
    expect(() => refuseOldRclone(text, '/usr/bin/rclone')).toThrow(/1\.57 or later/);
  }
});
