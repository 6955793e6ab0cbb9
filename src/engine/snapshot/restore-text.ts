import { quoteForShell } from '../../shared/format.ts';
import { type DatabasePart, snapshotFiles } from '../../shared/model.ts';

/** RESTORE.txt: how to bring a snapshot back with cp and tar, and nothing of ours. */
export function restoreText(facts: {
  readonly id: string;
  readonly createdAt: string;
  readonly root: string;
  readonly brain: DatabasePart | null;
  readonly databases: readonly DatabasePart[];
}): string {
  const root = quoteForShell(facts.root);
  const copies = [facts.brain, ...facts.databases]
    .filter((part) => part !== null)
    .flatMap((part) => restoreLines(part));
  return `This folder is a snapshot of the Codex OS in ${facts.root},
taken by Codex Auto-Backup at ${facts.createdAt} (UTC).

The easy way:    codex-backup restore ${facts.id}
By hand, with nothing but a shell, from inside this folder:

1. Stop Codex:

   (cd ${root} && npm run codex:stop)

   Make sure that nothing has the databases open:  lsof ${quoteForShell(databasePath(facts))}

2. Put the databases back. The -wal, -shm and -journal files beside the old
   ones belong to the old ones and would damage the new: move them away too.

${copies.join('\n')}

3. Put the code back. This overwrites files that differ and removes nothing.
   It holds no database, no .env, no node_modules and no dist.

   tar -xzf ${snapshotFiles.code} -C ${root}

4. Install, build and start the services:

   for service in ${root}/codex-*/; do (cd "$service" && npm install && npm run build); done
   (cd ${root} && npm run codex:start)

manifest.json lists every file of this folder with its sha256. To check one:
   shasum -a 256 ${snapshotFiles.code}
`;
  function restoreLines(part: DatabasePart): string[] {
    const target = quoteForShell(`${facts.root}/${part.path}`);
    return [
      `   for side in "" -wal -shm -journal; do`,
      `     [ -e ${target}"$side" ] && mv ${target}"$side" ${target}"$side".replaced`,
      '   done',
      `   cp ${quoteForShell(part.file)} ${target}`,
      '',
    ];
  }
}

const databasePath = ({ root, brain }: { readonly root: string; readonly brain: DatabasePart | null }): string =>
  brain === null ? root : `${root}/${brain.path}`;
