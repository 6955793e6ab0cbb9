import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a .deb is made of, as the packager tells fpm: source and target of each file, and the desktop entry. */
export interface DebContents {
  readonly files: ReadonlyMap<string, string>;
  readonly desktopEntry: string;
}

/** In fpm's place, which Debian doesn't have: it notes what it is given. `env` has the packager use it. */
export function createRecordingFpm(folder: string): { env: NodeJS.ProcessEnv; contents(): DebContents } {
  mkdirSync(folder);
  const record = join(folder, 'parameters');
  const desktop = join(folder, 'desktop');
  const script = `#!/bin/sh
printf '%s\\n' "$@" > '${record}'
for parameter in "$@"; do
  case $parameter in *.desktop=*) cp "\${parameter%%=*}" '${desktop}' ;; esac
done
while [ $# -gt 0 ]; do
  if [ "$1" = --package ]; then : > "$2"; fi
  shift
done
`;
  writeFileSync(join(folder, 'fpm'), script);
  chmodSync(join(folder, 'fpm'), 0o755);
  return {
    env: { USE_SYSTEM_FPM: 'true', PATH: `${folder}${delimiter}${process.env['PATH']}` },
    contents: () => {
      const lines = existsSync(record) ? readFileSync(record, 'utf8').split('\n') : [];
      const pairs = lines.flatMap((line) => {
        const [source, target] = line.split('=/');
        return source === undefined || target === undefined ? [] : [[`/${target}`, source] as const];
      });
      return { files: new Map(pairs), desktopEntry: readFileSync(desktop, 'utf8') };
    },
  };
}
