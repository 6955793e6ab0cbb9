/**
 * A process of its own that damages archives at random and unpacks them: SEED COUNT FOLDER. It prints how each ended, and
 * fails when something escapes or an error comes from nowhere. Thread and process are the same here, to do many.
 */
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { LegacyMessage, ScannedEntry } from '../../../src/engine/code/legacy-messages.ts';
import { readLegacy } from '../../../src/engine/code/legacy-read.ts';
import { finishFolders, makeFolders, makeLinks } from '../../../src/engine/code/new-tree.ts';
import { createLegacyPlanner } from '../../../src/engine/code/plan-legacy.ts';
import { encodeEntry, endOfTar, gnuLong, pax } from './foreign-archive.ts';
import { describeTree } from './tree-helpers.ts';

const [seedText = '1', countText = '1', folder = ''] = process.argv.slice(2);
const random = createRandom(Number(seedText));
const { signal } = new AbortController();
const outcomes = new Map<string, number>();
const canary = join(folder, 'canary');
mkdirSync(canary);
writeFileSync(join(canary, 'canary.txt'), 'alive');
const outside = (): string =>
  describeTree(folder)
    .filter((line) => !/^(target|archive)/.test(line))
    .join('\n');
const before = outside();

for (let i = 0; i < Number(countText); i += 1) {
  const outcome = await unpack(gzipSync(mutate(sampleTar()), { level: 0 }));
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  if (i % 500 === 0 && outside() !== before) throw new Error(`Something escaped at ${seedText}/${i}.`);
}
if (outside() !== before) throw new Error('Something escaped.');
console.log(JSON.stringify(Object.fromEntries(outcomes)));

async function unpack(archive: Buffer): Promise<string> {
  const archiveFile = join(folder, 'archive.tar.gz');
  const target = join(folder, 'target');
  writeFileSync(archiveFile, archive);
  const fd = openSync(archiveFile, 'r');
  try {
    const scanned: ScannedEntry[] = [];
    const port = {
      post: () => undefined,
      ask: async (message: LegacyMessage) => {
        if (message.kind === 'entries') scanned.push(...message.entries);
      },
    };
    const limits = { entries: 100, bytes: 100_000, depth: 20 };
    const seen = await readLegacy({ kind: 'scan', fd, maxRawBytes: 1_000_000 }, port);
    if (seen.kind !== 'done') return seen.kind;
    const planner = createLegacyPlanner({ isExcluded: (path) => path === 'node_modules', limits, maxPathBytes: 3000 });
    try {
      for (const entry of scanned) planner.add(entry);
    } catch (error) {
      if (error instanceof Error && error.name === 'DamagedEntryError') return 'limit';
      throw error;
    }
    const { folders, files, links, refused } = planner.plan({ ignoresCase: true, normalizes: true });
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { mode: 0o700 });
    makeFolders(target, folders, signal);
    const written = await readLegacy({ kind: 'write', fd, maxRawBytes: 1_000_000, target, files, fsync: false }, port);
    if (written.kind !== 'done') throw new Error(`What was planned could not be written: ${JSON.stringify(written)}`);
    makeLinks(target, links, signal);
    finishFolders(target, folders, { fsync: false, signal });
    if (describeTree(target).length !== folders.length + files.length + links.length) throw new Error('Too much.');
    return refused.length > 0 ? 'refused' : 'written';
  } finally {
    closeSync(fd);
  }
}

function sampleTar(): Buffer {
  const entries = [
    { name: 'folder/', type: '5', mode: 0o755 },
    { name: 'folder/file.txt', content: 'some text' },
    { name: 'long', content: 'x'.repeat(700), before: [gnuLong(`folder/${'long'.repeat(30)}`)] },
    { name: 'pax', content: 'y', before: [pax({ path: 'folder/päx', mtime: '1700000000.5', size: '1' })] },
    { name: 'folder/link', type: '2', target: 'file.txt' },
    { name: 'folder/hard', type: '1', target: 'folder/file.txt' },
    { name: 'node_modules/x', content: 'z' },
  ];
  return Buffer.concat([...entries.map(encodeEntry), endOfTar]);
}

/** Random bytes, telling bytes, or blocks that change places; the checksums are often made right again. */
function mutate(tar: Buffer): Buffer {
  const telling = [
    '/',
    '.',
    '..',
    '../',
    '\0',
    '\n',
    '=',
    ' ',
    '-1',
    '9',
    '\u0080',
    '\u00ff',
    'path=',
    'size=',
    '2',
    '1',
    'x',
    'g',
    'L',
  ];
  for (let times = 1 + random(4); times > 0; times -= 1) {
    const block = random(tar.length / 512) * 512;
    const field = [0, 100, 124, 136, 148, 156, 157, 257, 345, 475][random(10)] ?? 0;
    const position = block + (random(2) === 0 ? random(512) : field + random(4));
    const kind = random(10);
    if (kind < 3) tar[position] = random(256);
    else if (kind < 8) tar.write(telling[random(telling.length)] ?? '', position, 'latin1');
    else tar.copyWithin(random(tar.length / 512) * 512, block, block + 512);
  }
  if (random(4) > 0) repairChecksums(tar);
  return random(20) === 0 ? tar.subarray(0, random(tar.length)) : tar;
}

function repairChecksums(tar: Buffer): void {
  for (let start = 0; start + 512 <= tar.length; start += 512) {
    const block = tar.subarray(start, start + 512);
    if (block.toString('latin1', 257, 260) !== 'ust' || block[0] === 0) continue;
    block.write('        ', 148);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  }
}

/** Numbers below a bound, the same for the same seed (mulberry32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
