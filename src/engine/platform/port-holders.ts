import { findPortHolders as findOnDarwin } from './port-holders.darwin.ts';
import { findPortHolders as findOnLinux } from './port-holders.linux.ts';

/** Somebody who listens on one of the asked-for TCP ports. */
export interface PortHolder {
  readonly port: number;
  /** Undefined where the process belongs to another user. */
  readonly pid?: number;
  readonly command: string;
}

/** Who listens on these ports, on whatever address. Looks without connecting wherever the system lets it. */
export type FindPortHolders = (ports: readonly number[]) => Promise<readonly PortHolder[]>;

export const findPortHolders: FindPortHolders = process.platform === 'darwin' ? findOnDarwin : findOnLinux;
