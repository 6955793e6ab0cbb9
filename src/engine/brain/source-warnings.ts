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

export const systemFileSystemType: FileSystemType = (path) => statfsSync(path).type;

/** What makes a copy of this file less sure than usual: locks that may not work, or a second name of the file. */
export function sourceWarnings(
  path: string,
  stats: BigIntStats,
  fileSystemType: FileSystemType = systemFileSystemType,
  platform: NodeJS.Platform = process.platform,
): Warning[] {
  const warnings: Warning[] = [];
  const type = networkTypes[platform]?.get(fileSystemType(dirname(path)) >>> 0);
  if (type !== undefined) {
    const message = `${path} lies on a network file system (${type}), where SQLite's locks may not work.`;
    warnings.push({ code: 'network-filesystem', message });
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
