import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPng } from './support/read-png.ts';
import { project } from './support/run-packager.ts';

const states = ['protected', 'running', 'attention', 'unprotected', 'failed'] as const;
const steps = Array.from({ length: 9 }, (_, step) => `running-${step}`);
const names = [...new Set([...states, ...steps])];
const tray = join(project, 'assets/tray');

describe('the icons of the menu bar', () => {
  test.each([
    { scale: 1, suffix: 'Template.png' },
    { scale: 2, suffix: 'Template@2x.png' },
  ])('are templates at $scale x: black, and otherwise only more or less opaque', ({ scale, suffix }) => {
    for (const name of names) {
      const { width, height, pixels } = readPng(join(tray, `${name}${suffix}`));
      expect([name, width, height]).toEqual([name, 18 * scale, 18 * scale]);
      expect(pixels.every(([red, green, blue, alpha]) => alpha === 0 || red + green + blue === 0)).toBe(true);
      expect(pixels.some(([, , , alpha]) => alpha === 255)).toBe(true);
      // Air at the corners: what is drawn is no filled square.
      expect(pixels[0]?.[3]).toBe(0);
    }
  });

  test('are light on Linux, whose panels are dark', () => {
    for (const name of names) {
      const { width, pixels } = readPng(join(tray, 'linux', `${name}.png`));
      expect([name, width]).toEqual([name, 22]);
      expect(pixels.filter(([, , , alpha]) => alpha === 255).every(([red]) => red > 200)).toBe(true);
      expect(readPng(join(tray, 'linux', `${name}@2x.png`)).width).toBe(44);
    }
  });

  test('can be told apart at their smallest: any two states differ in at least a sixteenth of their pixels', () => {
    const drawn = states.map((state) => ({ state, ...readPng(join(tray, `${state}Template.png`)) }));
    for (const left of drawn) {
      for (const right of drawn.filter(({ state }) => state > left.state)) {
        const differing = left.pixels.filter(
          (pixel, index) => Math.abs(pixel[3] - (right.pixels[index]?.[3] ?? 0)) > 96,
        );
        expect([left.state, right.state, differing.length > (18 * 18) / 16]).toEqual([left.state, right.state, true]);
      }
    }
  });

  test('fill up with the progress, step by step', () => {
    const ink = steps.map((step) => {
      const { pixels } = readPng(join(tray, `${step}Template.png`));
      return pixels.reduce((sum, [, , , alpha]) => sum + alpha, 0);
    });
    expect(ink).toEqual([...new Set(ink)].sort((a, b) => a - b));
    expect(ink).toHaveLength(9);
  });
});

describe("the app's icon", () => {
  test('has for macOS each size that it looks for, as a whole picture', () => {
    const icns = readFileSync(join(project, 'assets/app/icon.icns'));
    expect(icns.toString('latin1', 0, 4)).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const widths = new Map<string, number>();
    for (let offset = 8; offset < icns.length; offset += icns.readUInt32BE(offset + 4)) {
      const picture = icns.subarray(offset + 8, offset + icns.readUInt32BE(offset + 4));
      expect(picture.toString('latin1', 1, 4)).toBe('PNG');
      widths.set(icns.toString('latin1', offset, offset + 4), picture.readUInt32BE(16));
    }
    expect(Object.fromEntries(widths)).toEqual({
      icp4: 16,
      icp5: 32,
      ic07: 128,
      ic08: 256,
      ic09: 512,
      ic11: 32,
      ic12: 64,
      ic13: 256,
      ic14: 512,
      ic10: 1024,
    });
  });
});
