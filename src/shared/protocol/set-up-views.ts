import type { ErrorReport } from '../app-error.ts';
import type { DoctorFinding } from '../results.ts';
import type { Settings } from '../settings.ts';

/** What the panel needs to know before it shows anything. */
export interface About {
  readonly version: string;
  readonly nodeVersion: string;
  readonly platform: string;
  /** 1000 on macOS, 1024 elsewhere: what a KB is here. */
  readonly byteBase: 1000 | 1024;
  readonly shell: 'app' | 'browser';
  readonly logFolder: string;
  readonly settingsFile: string;
  /** The same, for a person at the command line. */
  readonly can: {
    readonly showInFolder: boolean;
    /** Folders are chosen in the system's dialog; else from `folders`. */
    readonly openDialog: boolean;
    readonly makeSample: boolean;
    readonly openWindow: boolean;
  };
}

/** How far the set-up is. `error` says why there is no root or Brain yet. */
export interface FirstRun {
  readonly root: string | null;
  readonly error: ErrorReport | null;
  readonly backups: string | null;
  readonly hasSnapshots: boolean;
  readonly candidates: readonly RootCandidate[];
  readonly checks: readonly DoctorFinding[];
}

/** A folder that may be a Codex. */
export interface RootCandidate {
  readonly path: string;
  readonly folder: string;
  /** First-level folders with a package.json. */
  readonly services: number;
  /** Null where the Brain isn't where the settings say. */
  readonly brainBytes: number | null;
}

/** A folder of this computer, to choose one from. Tickets hold for ten minutes; choosing uses one up. */
export interface FolderList {
  readonly path: string;
  readonly folder: string;
  readonly parent: string | null;
  readonly places: readonly FolderEntry[];
  readonly entries: readonly FolderEntry[];
  /** There are more than these. */
  readonly isCut: boolean;
}

export interface FolderEntry {
  readonly name: string;
  readonly folder: string;
  /** It has what a Codex has. */
  readonly isCodex: boolean;
}

export interface ShownSettings {
  readonly file: string;
  readonly settings: Settings;
  readonly defaults: Settings;
  /** Where root and backups are, whatever names them. */
  readonly root: string | null;
  readonly backups: string | null;
}

/** Whether a setting could be set to what was typed. */
export type SettingCheck = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** What no snapshot covers and the person has not left out. */
export interface CoverageView {
  readonly services: readonly UncoveredPath[];
  readonly databases: readonly UncoveredPath[];
  /** The folder `scripts` of the root. */
  readonly scripts: readonly UncoveredPath[];
  /** Files in the root itself. */
  readonly files: readonly UncoveredPath[];
  readonly include: readonly string[];
}

export interface UncoveredPath {
  readonly path: string;
  /** Null while it isn't measured. */
  readonly bytes: number | null;
}
