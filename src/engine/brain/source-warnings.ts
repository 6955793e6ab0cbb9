import { type BigIntStats, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Warning } from '../../shared/model.ts';

/** The number by which the system names the type of the file system that holds a path. */
export type FileSystemType = (path: string) => number;

/** Linux: linux/magic.h. macOS: `f_type`, of which only NFS and SMB are fixed enough to know. */
const networkTypes: Readonly<Partial<Record<NodeJS.Platform, ReadonlyMap<number, string>>>> = {
  linux: new Map([
    [0x6969, 'NFS'],
    [0xff534d42, 'CIFS'],
    [0xfe534d42, 'SMB'],
    [0x517b, 'SMB'],
    [0x01021997, '9p'],
    [0x5346414f, 'AFS'],
    [0x00c36400, 'Ceph'],
    [0x65735546, 'FUSE'],
  ]),
  darwin: new Map([
    [2, 'NFS'],
    [21, 'AFP'],
    [23, 'SMB'],
  ]),
};

/** exFAT and FAT (linux/magic.h); macOS gives them no fixed number. */
const fatTypes: ReadonlyMap<number, string> = new Map([
  [0x2011bab0, 'exFAT'],
  [0x4d44, 'FAT'],
]);

export const systemFileSystemType: FileSystemType = (path) => statfsSync(path).type;

/** What makes this file less safe than usual: locks that may not work, a disk without a journal, a second name. */
export function sourceWarnings(
  path: string,
  stats: BigIntStats,
  fileSystemType: FileSystemType = systemFileSystemType,
  platform: NodeJS.Platform = process.platform,
): Warning[] {
  const warnings: Warning[] = [];
  const type = fileSystemType(dirname(path)) >>> 0;
  const network = networkTypes[platform]?.get(type);
  if (network !== undefined) {
    const message = `${path} lies on a network file system (${network}), where SQLite's locks may not work.`;
    warnings.push({ code: 'network-filesystem', message });
  }
  const fat = platform === 'linux' ? fatTypes.get(type) : undefined;
  if (fat !== undefined) {
    const message = `${path} lies on ${fat}, which has no journal: losing power, or pulling the disk out, can damage it.`;
    warnings.push({ code: 'fat-filesystem', message });
  }
  if (stats.nlink > 1n) {
    const message = `${path} has ${stats.nlink} names (hard links); a program that uses another one has another journal.`;
    warnings.push({ code: 'database-hard-link', message });
  }
  if (platform === 'darwin' && stats.blocks === 0n) {
    warnings.push({ code: 'database-not-local', message: `${path} is kept in a cloud, not on this disk.` });
  }
  return warnings;
}
