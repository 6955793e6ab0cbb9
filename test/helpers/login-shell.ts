import { chmodSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A login shell in that folder whose PATH begins with the Node of the tests, whatever this machine's own is. */
export function createLoginShell(folder: string): string {
  const shell = join(folder, 'login-shell');
  writeFileSync(shell, `#!/bin/sh\nPATH="${dirname(process.execPath)}:$PATH"\nexport PATH\nexec /bin/sh -c "$2"\n`);
  chmodSync(shell, 0o755);
  return shell;
}
