import { spawnSync } from 'node:child_process';

export const peerNames = ['tar', 'pigz', 'restic', 'borg', 'sqlite3'] as const;
export type PeerName = (typeof peerNames)[number];

/** The version line of each peer that is installed. */
export type Peers = ReadonlyMap<PeerName, string>;

/** Asks each peer for its version. One that can't be run counts as missing. */
export function findPeers(): Peers {
  const found = new Map<PeerName, string>();
  for (const name of peerNames) {
    const parameters = name === 'restic' ? ['version'] : ['--version'];
    const { status, stdout, stderr } = spawnSync(name, parameters, { encoding: 'utf8' });
    if (status === 0) found.set(name, (stdout || stderr).split('\n')[0] ?? '');
  }
  return found;
}
