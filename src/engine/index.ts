import type { Trigger } from '../shared/model.ts';
import { closeWorkers } from './code/pack-pool.ts';
import { createContext, type EngineContext } from './context.ts';
import type { Engine } from './engine.ts';
import { appHome, logFolder as logFolderOf } from './platform/app-home.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import { openStateDatabase } from './platform/state-database.ts';

export type { Engine } from './engine.ts';
export type { Logger } from './platform/logger.ts';

export interface EngineOptions {
  /** The Codex folder; found as the design says without it. */
  readonly root?: string | undefined;
  readonly backups?: string | undefined;
  /** App home; else `CODEX_BACKUP_HOME` or the system's place. */
  readonly home?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  /** Else the log file in the app home. */
  readonly logger?: Logger;
}

/** The one door of the engine. It opens nothing until an operation needs it; each operation loads its own code. */
export function createEngine(options: EngineOptions = {}): Engine {
  const env = options.env ?? process.env;
  const home = options.home ?? appHome(env);
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? lazyLogFile(home);
  const state = openStateDatabase({ home, clock, logger });
  // One for each operation: an engine that lives for days goes by the settings of now, whoever changed them.
  const contextNow = (): EngineContext =>
    createContext({ root: options.root, backups: options.backups, home, env, clock, logger, state });
  return {
    run: async (run) => (await import('./operations/run.ts')).run(contextNow(), run),
    runIfGrown: async (run) => (await import('./operations/run-if-grown.ts')).runIfGrown(contextNow(), run),
    list: async () => (await import('./operations/list.ts')).list(contextNow()),
    show: async (reference) => (await import('./operations/show.ts')).show(contextNow(), reference),
    files: async (reference, path) => (await import('./operations/browse.ts')).files(contextNow(), reference, path),
    cat: async (reference, path) => (await import('./operations/browse.ts')).cat(contextNow(), reference, path),
    folder: async (reference, path, offset) =>
      (await import('./operations/browse-tree.ts')).folder(contextNow(), reference, path, offset),
    findFiles: async (reference, query, limit) =>
      (await import('./operations/browse-tree.ts')).findFiles(contextNow(), reference, query, limit),
    entry: async (reference, path) =>
      (await import('./operations/browse-tree.ts')).findEntry(contextNow(), reference, path),
    preview: async (reference, path) =>
      (await import('./operations/preview.ts')).preview(contextNow(), reference, path),
    fileDiff: async (from, path, to) =>
      (await import('./operations/preview.ts')).fileDiff(contextNow(), from, path, to),
    databases: async (reference) => (await import('./operations/databases.ts')).databases(contextNow(), reference),
    newestMemories: async (reference, newest) =>
      (await import('./operations/databases.ts')).newestMemories(contextNow(), reference, newest),
    growth: async (range) => (await import('./operations/growth.ts')).growth(contextNow(), range),
    diff: async (from, to, diff) => (await import('./operations/diff.ts')).diff(contextNow(), from, to, diff),
    search: async (text, search) => (await import('./operations/search.ts')).search(contextNow(), text, search),
    verify: async (references, verify) =>
      (await import('./operations/verify.ts')).verify(contextNow(), references, verify),
    planRestore: async (reference, options) =>
      (await import('./operations/restore.ts')).planRestore(contextNow(), reference, options),
    restore: async (reference, options) =>
      (await import('./operations/restore.ts')).restore(contextNow(), reference, options),
    restoreInto: async (reference, folder, options) =>
      (await import('./operations/restore-into.ts')).restoreInto(contextNow(), reference, folder, options),
    drill: async (reference, options) =>
      (await import('./operations/drill.ts')).drill(contextNow(), reference, options),
    restores: async () => (await import('./operations/undo.ts')).restores(contextNow()),
    planUndo: async (options) => (await import('./operations/undo.ts')).planUndo(contextNow(), options),
    undo: async (options) => (await import('./operations/undo.ts')).undo(contextNow(), options),
    discardRestore: async (id) => (await import('./operations/undo.ts')).discardRestore(contextNow(), id),
    recover: async (options) => (await import('./operations/recover.ts')).recover(contextNow(), options),
    remove: async (reference) => (await import('./operations/remove.ts')).remove(contextNow(), reference),
    planPrune: async (rules) => (await import('./operations/prune.ts')).planPrune(contextNow(), rules),
    prune: async (prune) => (await import('./operations/prune.ts')).prune(contextNow(), prune),
    pin: async (reference, pinned) =>
      (await import('./operations/change-record.ts')).pin(contextNow(), reference, pinned),
    note: async (reference, text) =>
      (await import('./operations/change-record.ts')).note(contextNow(), reference, text),
    status: async () => (await import('./operations/status.ts')).status(contextNow()),
    acknowledge: async () => (await import('./operations/acknowledge.ts')).acknowledge(contextNow()),
    watch: async (watch) => (await import('./operations/watch.ts')).watch(contextNow(), watch),
    doctor: async () => (await import('./operations/doctor.ts')).doctor(contextNow()),
    activity: async (range) => (await import('./operations/activity.ts')).activity(contextNow(), range),
    link: async () => (await import('./operations/link.ts')).link(contextNow()),
    unlink: async () => (await import('./operations/link.ts')).unlink(contextNow()),
    settings: async () => (await import('./operations/settings.ts')).showSettings(contextNow()),
    changeSetting: async (key, text) =>
      (await import('./operations/settings.ts')).changeSetting(contextNow(), key, text),
    checkSetting: async (key, text) => (await import('./operations/settings.ts')).checkSetting(contextNow(), key, text),
    listFolders: async (path) => (await import('./operations/folders.ts')).listFolders(path),
    findRoots: async () => (await import('./operations/folders.ts')).findRoots(contextNow()),
    where: async () => (await import('./operations/where.ts')).where(contextNow()),
    stamps: async () => (await import('./operations/stamps.ts')).stamps(contextNow()),
    resetSettings: async () => (await import('./operations/settings.ts')).resetAllSettings(contextNow()),
    close: async () => {
      await closeWorkers();
      state.close();
    },
  };
}

/** Where the log of this program is. */
export function logFolder(env: NodeJS.ProcessEnv): string {
  return logFolderOf(appHome(env));
}

/** The log of this program, for what is met outside of an operation. */
export function openLog(env: NodeJS.ProcessEnv): Logger {
  return lazyLogFile(appHome(env));
}

/** Why this process was started: by the Boot Manager, by the Brain's own watcher, or by a person. */
export async function detectTrigger(env: NodeJS.ProcessEnv = process.env): Promise<Trigger> {
  const { readCallerFacts } = await import('./platform/caller-facts.ts');
  const { detectTrigger: decide } = await import('./platform/trigger-source.ts');
  return decide(readCallerFacts(env));
}

/** A log that is opened at its first line, so that commands that log nothing don't load it. */
function lazyLogFile(home: string): Logger {
  let opening: Promise<Logger> | undefined;
  const write = (level: keyof Logger, message: string): void => {
    opening ??= import('./log-file.ts').then(({ openLogFile }) => openLogFile(home));
    opening.then(
      (logger) => logger[level](message),
      (error: unknown) => process.emitWarning(`The log in ${logFolderOf(home)} can not be written: ${String(error)}`),
    );
  };
  return {
    debug: (message) => write('debug', message),
    info: (message) => write('info', message),
    warn: (message) => write('warn', message),
    error: (message) => write('error', message),
  };
}
