import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

export type Pixel = readonly [red: number, green: number, blue: number, alpha: number];

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Row by row. */
  readonly pixels: readonly Pixel[];
}

const bytesPerPixel = 4;

/** Reads a PNG with 8 bits of red, green, blue and alpha, not interlaced (PNG specification, 9.2 and 11.2). */
export function readPng(file: string): Picture {
  const png = readFileSync(file);
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  if (png[24] !== 8 || png[25] !== 6 || png[28] !== 0) throw new Error(`${file} is no RGBA picture of 8 bits.`);
  const rows = unfilter(inflateSync(Buffer.concat(dataChunks(png))), width * bytesPerPixel, height);
  const pixels = Array.from({ length: width * height }, (_, index): Pixel => {
    const [red = 0, green = 0, blue = 0, alpha = 0] = rows.subarray(index * bytesPerPixel, (index + 1) * bytesPerPixel);
    return [red, green, blue, alpha];
  });
  return { width, height, pixels };
}

function dataChunks(png: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let offset = 8; offset < png.length; offset += png.readUInt32BE(offset) + 12) {
    const end = offset + 8 + png.readUInt32BE(offset);
    if (png.toString('latin1', offset + 4, offset + 8) === 'IDAT') chunks.push(png.subarray(offset + 8, end));
  }
  return chunks;
}

/** Each row begins with how its bytes were foretold: from the pixel before, the row above, both, or neither. */
function unfilter(data: Buffer, rowBytes: number, height: number): Buffer {
  const rows = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (rowBytes + 1)] ?? 0;
    for (let x = 0; x < rowBytes; x += 1) {
      const at = y * rowBytes + x;
      const left = x < bytesPerPixel ? 0 : (rows[at - bytesPerPixel] ?? 0);
      const above = y === 0 ? 0 : (rows[at - rowBytes] ?? 0);
      const corner = y === 0 || x < bytesPerPixel ? 0 : (rows[at - rowBytes - bytesPerPixel] ?? 0);
      const foretold = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0;
      rows[at] = (data[y * (rowBytes + 1) + 1 + x] ?? 0) + foretold;
    }
  }
  return rows;
}

function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner;
  const candidates = [left, above, corner];
  const distances = candidates.map((candidate) => Math.abs(estimate - candidate));
  return candidates[distances.indexOf(Math.min(...distances))] ?? 0;
}
