import { expect, test } from 'vitest';
import { listHosts } from '../driver/hosts.ts';

// The run says on what the app was tested, and what it could not be tested on.
for (const [index, name] of ['the stand-in for Electron', 'Electron'].entries()) {
  const host = listHosts()[index];
  const reason = host !== undefined && 'reason' in host ? host.reason : undefined;
  test.skipIf(reason !== undefined)(
    `the app is tested on ${name}${reason === undefined ? '' : ` (not here: ${reason})`}`,
    () => {
      expect(host).toMatchObject({ name });
    },
  );
}
