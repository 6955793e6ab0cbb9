import type { Snapshot, SnapshotStatus } from './model.ts';
import type { ProtectionState } from './results.ts';

/** The words of the product as headings and labels show them. */
export const triggerWords: Readonly<Record<Snapshot['trigger'], string>> = {
  manual: 'Manual',
  boot: 'Boot',
  growth: 'Growth',
  change: 'Change',
  schedule: 'Schedule',
  'pre-restore': 'Pre-restore',
  legacy: 'Version 1.5',
};

export const statusWords: Readonly<Record<SnapshotStatus, string>> = {
  verified: 'Verified',
  incomplete: 'Incomplete',
  legacy: 'From version 1.5',
  damaged: 'Damaged',
};

export const stateWords: Readonly<Record<ProtectionState, string>> = {
  protected: 'Protected',
  running: 'Backing up',
  attention: 'Attention',
  unprotected: 'Unprotected',
  failed: 'Failed',
};

/** A label that begins a line: `copying the Brain` as `Copying the Brain`. */
export function capitalise(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
