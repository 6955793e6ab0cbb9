import { findOpenHandles as findOnDarwin } from './open-handles.darwin.ts';
import { findOpenHandles as findOnLinux } from './open-handles.linux.ts';

/** A process that has one of the asked-for files open. */
export interface OpenHandle {
  readonly path: string;
  readonly pid: number;
  /** Name of its program, as far as the system tells. */
  readonly command: string;
}

/**
 * The processes, this one included, that have any of these files open. Files that don't exist are open nowhere.
 * Processes of other users can't be seen without root. Throws when the system can't tell at all.
 */
export type FindOpenHandles = (paths: readonly string[]) => Promise<readonly OpenHandle[]>;

export const findOpenHandles: FindOpenHandles = process.platform === 'darwin' ? findOnDarwin : findOnLinux;
