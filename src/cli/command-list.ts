import type { Command } from './command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly describe: string;
  /** Only the command that is called is loaded. */
  load(): Promise<Command>;
}

/** Every command, in the order in which the help shows them. */
export const commandList: readonly CommandEntry[] = [
  { name: 'run', describe: 'take a snapshot', load: async () => (await import('./commands/run.ts')).run },
  {
    name: 'list',
    describe: 'show all snapshots, newest first',
    load: async () => (await import('./commands/list.ts')).list,
  },
  { name: 'show', describe: 'show one snapshot in full', load: async () => (await import('./commands/show.ts')).show },
  {
    name: 'status',
    describe: 'show how safe the Brain is now',
    load: async () => (await import('./commands/status.ts')).status,
  },
  {
    name: 'watch',
    describe: 'watch the Brain, and save it when it has grown or changed',
    load: async () => (await import('./commands/watch.ts')).watch,
  },
  {
    name: 'service',
    describe: 'have the system run the watcher',
    load: async () => (await import('./commands/service.ts')).service,
  },
  {
    name: 'panel',
    describe: 'show the panel in a browser, and watch the Brain meanwhile',
    load: async () => (await import('./commands/panel.ts')).panel,
  },
  {
    name: 'acknowledge',
    describe: 'end an alarm',
    load: async () => (await import('./commands/acknowledge.ts')).acknowledge,
  },
  {
    name: 'doctor',
    describe: 'show what is wrong with the set-up',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    name: 'activity',
    describe: 'show what happened, newest first',
    load: async () => (await import('./commands/activity.ts')).activity,
  },
  {
    name: 'files',
    describe: 'list the files in a snapshot',
    load: async () => (await import('./commands/files.ts')).files,
  },
  { name: 'cat', describe: 'print one file of a snapshot', load: async () => (await import('./commands/cat.ts')).cat },
  {
    name: 'diff',
    describe: 'show what changed since a snapshot',
    load: async () => (await import('./commands/diff.ts')).diff,
  },
  {
    name: 'search',
    describe: 'find text in the memories',
    load: async () => (await import('./commands/search.ts')).search,
  },
  {
    name: 'verify',
    describe: 'read snapshots back and prove them',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  {
    name: 'drill',
    describe: 'restore on trial, and compare',
    load: async () => (await import('./commands/drill.ts')).drill,
  },
  {
    name: 'restore',
    describe: 'bring a snapshot back',
    load: async () => (await import('./commands/restore.ts')).restore,
  },
  {
    name: 'undo',
    describe: 'go back to before a restore',
    load: async () => (await import('./commands/undo.ts')).undo,
  },
  {
    name: 'recover',
    describe: 'finish or roll back an interrupted restore',
    load: async () => (await import('./commands/recover.ts')).recover,
  },
  {
    name: 'prune',
    describe: 'remove what the rules of retention do not want',
    load: async () => (await import('./commands/prune.ts')).prune,
  },
  { name: 'remove', describe: 'remove one snapshot', load: async () => (await import('./commands/remove.ts')).remove },
  {
    name: 'pin',
    describe: 'keep a snapshot whatever happens',
    load: async () => (await import('./commands/pin.ts')).pin,
  },
  {
    name: 'unpin',
    describe: 'let a pinned snapshot go again',
    load: async () => (await import('./commands/unpin.ts')).unpin,
  },
  { name: 'note', describe: 'write a note on a snapshot', load: async () => (await import('./commands/note.ts')).note },
  {
    name: 'copies',
    describe: 'show how the copies elsewhere stand',
    load: async () => (await import('./commands/copies.ts')).copies,
  },
  {
    name: 'copy',
    describe: 'bring a copy elsewhere up to date',
    load: async () => (await import('./commands/copy.ts')).copy,
  },
  {
    name: 'adopt',
    describe: 'go on with the snapshots of a copy, on a new machine',
    load: async () => (await import('./commands/adopt.ts')).adopt,
  },
  {
    name: 'settings',
    describe: 'show and change the settings',
    load: async () => (await import('./commands/settings.ts')).settings,
  },
  {
    name: 'link',
    describe: "hook into Codex OS's backup script",
    load: async () => (await import('./commands/link.ts')).link,
  },
  {
    name: 'unlink',
    describe: 'put the old backup script back',
    load: async () => (await import('./commands/unlink.ts')).unlink,
  },
  {
    name: 'sample',
    describe: 'make a sample Codex to try things on',
    load: async () => (await import('./commands/sample.ts')).sample,
  },
];
