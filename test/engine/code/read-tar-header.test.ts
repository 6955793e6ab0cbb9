import { describe, expect, test } from 'vitest';
import { readTarHeader } from '../../../src/engine/code/read-tar-header.ts';
import { buildTarHeader } from '../../../src/engine/code/tar-entry.ts';

const mtimeNs = 1_700_000_000n * 1_000_000_000n;

async function headerOf(size: number): Promise<Buffer> {
  return buildTarHeader({ path: 'disk.img', kind: 'file', size, mode: 0o644, mtimeNs });
}

describe('the header of a file', () => {
  test.each([0, 1, 8 * 1024 ** 3 - 1, 8 * 1024 ** 3, 20 * 1024 ** 3 + 7])('gives its size back: %d', async (size) => {
    const blocks = await headerOf(size);
    const expected = { path: 'disk.img', kind: 'file', size, mode: 0o644, seconds: 1_700_000_000, target: '' };
    expect(readTarHeader(blocks, 0)).toEqual({ ...expected, bytes: blocks.length });
  });

  test('is refused when a byte of it is another', async () => {
    const blocks = await headerOf(5);
    blocks[124] = 0x80;
    expect(() => readTarHeader(blocks, 0)).toThrow('checksum');
  });
});
