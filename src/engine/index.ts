import type { AppRecord } from '../shared/app-messages.ts';
import type { Trigger } from '../shared/model.ts';
import { closeWorkers } from './code/pack-pool.ts';
import { createContext, type ServiceWaits } from './context.ts';
import type { Engine } from './engine.ts';
import { appHome, logFolder as logFolderOf } from './platform/app-home.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';

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
  /** How long a restore waits for Codex to stop and to run. */
  readonly serviceWaits?: Partial<ServiceWaits>;
}

/** The one door of the engine. It opens nothing until an operation needs it; each operation loads its own code. */
export function createEngine(options: EngineOptions = {}): Engine {
  const env = options.env ?? process.env;
  const home = options.home ?? appHome(env);
  const common = {
    root: options.root,
    backups: options.backups,
    home,
    env,
    clock: options.clock ?? systemClock,
    logger: options.logger ?? lazyLogFile(home),
    serviceWaits: options.serviceWaits,
  };
  const { state } = createContext(common);
  // A shell may keep the engine for days: each call works with the settings as they are then.
  const context = () => createContext({ ...common, state });
  return {
    run: async (run) => (await import('./operations/run.ts')).run(context(), run),
    runIfGrown: async (run) => (await import('./operations/run-if-grown.ts')).runIfGrown(context(), run),
    list: async () => (await import('./operations/list.ts')).list(context()),
    show: async (reference) => (await import('./operations/show.ts')).show(context(), reference),
    files: async (reference, path) => (await import('./operations/browse.ts')).files(context(), reference, path),
    cat: async (reference, path) => (await import('./operations/browse.ts')).cat(context(), reference, path),
    diff: async (from, to, diff) => (await import('./operations/diff.ts')).diff(context(), from, to, diff),
    search: async (text, search) => (await import('./operations/search.ts')).search(context(), text, search),
    verify: async (references, verify) =>
      (await import('./operations/verify.ts')).verify(context(), references, verify),
    planRestore: async (reference, options) =>
      (await import('./operations/restore.ts')).planRestore(context(), reference, options),
    restore: async (reference, options) =>
      (await import('./operations/restore.ts')).restore(context(), reference, options),
    planRestoreInto: async (reference, folder, options) =>
      (await import('./operations/restore-into.ts')).planRestoreInto(context(), reference, folder, options),
    restoreInto: async (reference, folder, options) =>
      (await import('./operations/restore-into.ts')).restoreInto(context(), reference, folder, options),
    drill: async (reference, options) => (await import('./operations/drill.ts')).drill(context(), reference, options),
    restores: async () => (await import('./operations/undo.ts')).restores(context()),
    planUndo: async (options) => (await import('./operations/undo.ts')).planUndo(context(), options),
    undo: async (options) => (await import('./operations/undo.ts')).undo(context(), options),
    discardRestore: async (id) => (await import('./operations/undo.ts')).discardRestore(context(), id),
    recover: async (options) => (await import('./operations/recover.ts')).recover(context(), options),
    remove: async (reference) => (await import('./operations/remove.ts')).remove(context(), reference),
    planPrune: async (rules) => (await import('./operations/prune.ts')).planPrune(context(), rules),
    prune: async (prune) => (await import('./operations/prune.ts')).prune(context(), prune),
    pin: async (reference, pinned) => (await import('./operations/change-record.ts')).pin(context(), reference, pinned),
    note: async (reference, text) => (await import('./operations/change-record.ts')).note(context(), reference, text),
    status: async () => (await import('./operations/status.ts')).status(context()),
    acknowledge: async () => (await import('./operations/acknowledge.ts')).acknowledge(context()),
    watch: async (watch) => (await import('./operations/watch.ts')).watch(context(), watch),
    doctor: async () => (await import('./operations/doctor.ts')).doctor(context()),
    coverage: async () => (await import('./operations/coverage.ts')).findUncovered(context()),
    answerCoverage: async (answer) => (await import('./operations/coverage.ts')).answerCoverage(context(), answer),
    activity: async (range) => (await import('./operations/activity.ts')).activity(context(), range),
    link: async () => (await import('./operations/link.ts')).link(context()),
    unlink: async () => (await import('./operations/link.ts')).unlink(context()),
    settings: async () => (await import('./operations/settings.ts')).showSettings(context()),
    changeSetting: async (key, text) => (await import('./operations/settings.ts')).changeSetting(context(), key, text),
    resetSettings: async () => (await import('./operations/settings.ts')).resetAllSettings(context()),
    folder: async (reference, path, offset) =>
      (await import('./operations/browse-tree.ts')).folder(context(), reference, path, offset),
    findFiles: async (reference, query, limit) =>
      (await import('./operations/browse-tree.ts')).findFiles(context(), reference, query, limit),
    entry: async (reference, path) =>
      (await import('./operations/browse-tree.ts')).findEntry(context(), reference, path),
    preview: async (reference, path) => (await import('./operations/preview.ts')).preview(context(), reference, path),
    fileDiff: async (from, path, to) => (await import('./operations/preview.ts')).fileDiff(context(), from, path, to),
    databases: async (reference) => (await import('./operations/databases.ts')).databases(context(), reference),
    newestMemories: async (reference, newest) =>
      (await import('./operations/databases.ts')).newestMemories(context(), reference, newest),
    growth: async (range) => (await import('./operations/growth.ts')).growth(context(), range),
    checkSetting: async (key, text) => (await import('./operations/settings.ts')).checkSetting(context(), key, text),
    listFolders: async (path) => (await import('./operations/folders.ts')).listFolders(path),
    findRoots: async () => (await import('./operations/folders.ts')).findRoots(context()),
    where: async () => (await import('./operations/where.ts')).where(context()),
    stamps: async () => (await import('./operations/stamps.ts')).stamps(context()),
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

/** Opens the menubar app in the background, where Codex's Boot Manager has called and it is there and doesn't run. */
export async function openAppAfterBoot(env: NodeJS.ProcessEnv): Promise<void> {
  const { openAppAfterBoot: open } = await import('./link/open-app.ts');
  const opened = await open({ home: appHome(env), env, platform: process.platform });
  if (opened !== 'not-linked') openLog(env).info(`After a boot, the menubar app: ${opened}.`);
}

/** The version of this program. */
export async function programVersion(): Promise<string> {
  return (await import('./version.ts')).appVersion;
}

/** Leaves in the app home how the menubar app is started, for those who open it. */
export async function recordApp(env: NodeJS.ProcessEnv, record: AppRecord): Promise<void> {
  const { writeAppRecord } = await import('./link/app-record.ts');
  writeAppRecord(appHome(env), record);
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
