import { join } from 'node:path';
import { AppError } from '../shared/app-error.ts';
import type { CoverageView, FirstRun, FolderList, ShownSettings } from '../shared/protocol/set-up-views.ts';
import { settingsSchema } from '../shared/settings.ts';
import type { HostCalls } from './host-calls.ts';
import { type HostState, redeem } from './host-state.ts';

type SetUpCalls =
  | 'settings'
  | 'checkSetting'
  | 'changeSetting'
  | 'resetSettings'
  | 'coverage'
  | 'cover'
  | 'leaveOut'
  | 'firstRun'
  | 'folders'
  | 'chooseRoot'
  | 'chooseBackups';

/** Settings, coverage, and the first run. */
export function createSetUpCalls(state: HostState): Pick<HostCalls, SetUpCalls> {
  const { folders } = state;
  const settingsChanged = (): void => tellSettingsChanged(state);
  return {
    settings: () => showSettings(state),
    checkSetting: async ({ key, text }) => {
      try {
        await state.engine().checkSetting(key, text);
        return { ok: true };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { ok: false, message: error.message };
      }
    },
    changeSetting: async ({ key, text }) => {
      await state.engine().changeSetting(key, text ?? undefined);
      settingsChanged();
      return showSettings(state);
    },
    resetSettings: async () => {
      const answer = await state.engine().resetSettings();
      settingsChanged();
      return answer;
    },
    coverage: () => readCoverage(state),
    cover: async ({ paths }) => {
      await state.engine().answerCoverage({ add: paths });
      settingsChanged();
      return readCoverage(state);
    },
    leaveOut: async ({ paths }) => {
      await state.engine().answerCoverage({ leaveOut: paths });
      settingsChanged();
      return readCoverage(state);
    },
    firstRun: () => readFirstRun(state),
    folders: async ({ folder }) => {
      const path = folder === undefined ? undefined : redeem(folders.look(folder), 'folder');
      return listFolders(state, path);
    },
    chooseRoot: async ({ folder }) => {
      const root = redeem(folders.take(folder), 'folder');
      // Named outright, so that it holds whatever a variable or an option has said before; a sample has its own settings.
      const place = state.isSample() ? {} : state.options.place;
      await state.move({ ...place, root, backups: undefined }, false);
      await state.engine().changeSetting('root', root);
      settingsChanged();
      return readFirstRun(state);
    },
    chooseBackups: async ({ folder, name }) => {
      const chosen = redeem(folders.take(folder), 'folder');
      const backups = name === undefined ? chosen : join(chosen, name);
      await state.engine().changeSetting('backups', backups);
      const { root } = await state.engine().where();
      await state.move({ ...state.options.place, root: root ?? undefined, backups }, state.isSample());
      settingsChanged();
      return showSettings(state);
    },
  };
}

/** Every window asks again for what depends on the settings. */
export function tellSettingsChanged({ tell }: HostState): void {
  tell({ kind: 'settingsChanged' });
  tell({ kind: 'statusChanged' });
}

export async function showSettings(state: HostState): Promise<ShownSettings> {
  const { file, settings } = await state.engine().settings();
  const { root, backups } = await state.engine().where();
  return { file, settings, defaults: settingsSchema.parse({}), root, backups };
}

async function readCoverage(state: HostState): Promise<CoverageView> {
  const { services, databases, scripts, files } = await state.engine().coverage();
  const { include } = (await state.engine().settings()).settings;
  const unmeasured = (path: string) => ({ path, bytes: null });
  return {
    services: services.map(unmeasured),
    databases: databases.map(unmeasured),
    scripts: scripts.map(unmeasured),
    files: files.map(unmeasured),
    include,
  };
}

async function readFirstRun(state: HostState): Promise<FirstRun> {
  const { root, backups, error } = await state.engine().where();
  const candidates = await state.engine().findRoots();
  const { findings } = await state.engine().doctor();
  const hasSnapshots = backups !== null && (await hasAny(state));
  return {
    root,
    backups,
    error,
    hasSnapshots,
    candidates: candidates.map((found) => ({ ...found, folder: state.folders.issue(found.path) })),
    checks: findings,
  };
}

/** A backups folder that is missing or unreadable is among the findings. */
async function hasAny(state: HostState): Promise<boolean> {
  try {
    return (await state.engine().list()).length > 0;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return false;
  }
}

async function listFolders(state: HostState, path: string | undefined): Promise<FolderList> {
  const listed = await state.engine().listFolders(path);
  const entryOf = (entry: (typeof listed.entries)[number]) => {
    const { name, isCodex } = entry;
    return { name, isCodex, folder: state.folders.issue(entry.path) };
  };
  return {
    path: listed.path,
    folder: state.folders.issue(listed.path),
    parent: listed.parent === null ? null : state.folders.issue(listed.parent),
    places: listed.places.map(entryOf),
    entries: listed.entries.map(entryOf),
    isCut: listed.isCut,
  };
}
