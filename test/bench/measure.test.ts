import { existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskBytes } from '../../bench/measure/disk-bytes.ts';
import { watchPeakMemory } from '../../bench/measure/peak-memory.ts';
import { runCommand } from '../../bench/measure/run-command.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('runCommand', () => {
  it('keeps what the program prints, and answers how long it took', async () => {
    const stdout = join(folder, 'out');
    const ms = await runCommand(process.execPath, ['-p', '6 * 7'], { stdout });
    expect(readFileSync(stdout, 'utf8')).toBe('42\n');
    expect(ms).toBeGreaterThan(0);
  });

  it('rejects with what a failing program said', async () => {
    const script = 'console.error("no such thing"); process.exit(3)';
    await expect(runCommand(process.execPath, ['-e', script])).rejects.toThrow(/ended with 3: no such thing/);
  });

  it('rejects when there is no such program', async () => {
    await expect(runCommand(join(folder, 'missing'), [])).rejects.toThrow('ENOENT');
  });
});

describe('diskBytes', () => {
  it('counts a file with two links once', () => {
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a', 'file'), Buffer.alloc(100_000, 1));
    const before = diskBytes(folder);
    linkSync(join(folder, 'a', 'file'), join(folder, 'a', 'link'));
    expect(diskBytes(folder)).toBe(before);
    expect(before).toBeGreaterThanOrEqual(100_000);
  });
});

describe('watchPeakMemory', () => {
  it('sees what a process held for a moment, and its children apart from it', async () => {
    const held = join(folder, 'held');
    const child = `const { existsSync, writeFileSync } = require('node:fs');
      const bytes = Buffer.alloc(150e6, 1);
      writeFileSync(${JSON.stringify(held)}, '');
      setInterval(() => existsSync(${JSON.stringify(held)}) || process.exit(), 10, bytes);`;
    const parent = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(child)}])`;
    let stop: (() => { readonly process: number; readonly children: readonly number[] }) | undefined;
    const running = runCommand(process.execPath, ['-e', parent], {
      onStart: ({ pid = 0 }) => ({ stop } = watchPeakMemory(pid)),
    });
    await expect.poll(() => existsSync(held)).toBe(true);
    // It is sampled every 20 ms by the loop of this test: after two timers of that length it has been.
    for (let fired = 0; fired < 2; fired += 1) await setTimeout(20);
    rmSync(held);
    await running;
    const peak = stop?.();
    expect(peak?.process).toBeGreaterThan(20e6);
    expect(peak?.process).toBeLessThan(120e6);
    expect(peak?.children.at(0)).toBeGreaterThan(150e6);
  });
});
