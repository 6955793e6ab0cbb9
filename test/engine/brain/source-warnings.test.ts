import { lstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceWarnings } from '../../../src/engine/brain/source-warnings.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const ext4 = 0xef53;

function warningsOn(platform: NodeJS.Platform, fileSystemType: number, blocks?: bigint): string[] {
  const path = join(temporaryFolder(), 'brain.db');
  writeFileSync(path, 'x'.repeat(8192));
  const stats = lstatSync(path, { bigint: true });
  if (blocks !== undefined) stats.blocks = blocks;
  return sourceWarnings(path, stats, () => fileSystemType, platform).map(({ code }) => code);
}

test.each([
  ['linux', 0x6969, 'network-filesystem'],
  ['linux', 0xff534d42 | 0, 'network-filesystem'],
  ['darwin', 23, 'network-filesystem'],
  ['linux', 0x2011bab0, 'fat-filesystem'],
  ['linux', 0x4d44, 'fat-filesystem'],
] as const)('A16: on %s, a Brain on a file system of type %i gives a warning', (platform, type, code) => {
  expect(warningsOn(platform, type)).toEqual([code]);
});

test('A16: a file whose content is in a cloud only gives a warning on macOS', () => {
  expect(warningsOn('darwin', 26, 0n)).toEqual(['database-not-local']);
});

test('a local disk gives none', () => {
  expect(warningsOn('linux', ext4)).toEqual([]);
  expect(warningsOn('darwin', 26)).toEqual([]);
});
