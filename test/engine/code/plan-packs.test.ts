import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CodeEntry } from '../../../src/engine/code/code-entry.ts';
import { packLimitBytes, planPacks, tarBytes } from '../../../src/engine/code/plan-packs.ts';

const scale = Number(process.env['SCALE'] ?? 1);

function entry(path: string, size: number): CodeEntry {
  return { path, kind: 'file', size, mode: 0o644, mtimeNs: 0n, ctimeNs: 0n, ino: 1n, dev: 1n };
}

const sizes = fc.oneof(
  { weight: 20, arbitrary: fc.nat(20_000) },
  { weight: 3, arbitrary: fc.nat(700_000) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000_000, max: 30_000_000 }) },
);
const trees = fc
  .uniqueArray(fc.record({ path: fc.stringMatching(/^[a-z/é ]{1,40}$/), size: sizes }), {
    selector: ({ path }) => path,
    minLength: 1,
    maxLength: 300,
  })
  .map((files) => files.map(({ path, size }) => entry(path, size)));

const names = (packs: ReturnType<typeof planPacks>): string[] =>
  packs.map(({ entries }) => entries.map(({ path }) => path).join('\n'));

test('packs hold every entry once, in order, at most 1 MB, and a larger file alone', () => {
  fc.assert(
    fc.property(trees, (entries) => {
      const packs = planPacks(entries);
      expect(packs.flatMap((pack) => pack.entries)).toEqual(entries);
      for (const pack of packs) {
        const rawBytes = pack.entries.reduce((sum, one) => sum + tarBytes(one), 0);
        if (pack.kind === 'large') expect(pack.entries).toHaveLength(1);
        expect(rawBytes > packLimitBytes).toBe(pack.kind === 'large');
      }
      expect(planPacks(structuredClone(entries))).toEqual(packs);
    }),
    { numRuns: 50 * scale },
  );
});

test('one changed, added or removed entry leaves all packs but a few as they are', () => {
  fc.assert(
    fc.property(
      trees,
      fc.nat(),
      fc.nat(50_000),
      fc.constantFrom('change', 'add', 'remove'),
      (entries, seed, size, what) => {
        const at = seed % entries.length;
        const changed = [...entries];
        const one = entry(what === 'add' ? `added ${seed}` : (entries[at]?.path ?? ''), size);
        changed.splice(at, what === 'add' ? 0 : 1, ...(what === 'remove' ? [] : [one]));
        const before = new Set(names(planPacks(entries)));
        const after = names(planPacks(changed)).filter((pack) => !before.has(pack));
        expect(after.length).toBeLessThanOrEqual(6);
      },
    ),
    { numRuns: 50 * scale },
  );
});

test('packs of many small files average between 64 KB and 256 KB', () => {
  const entries = Array.from({ length: 20_000 }, (_, i) =>
    entry(`src/part${i % 97}/module-${i}.ts`, 2000 + (i % 9) * 900),
  );
  const packs = planPacks(entries);
  const average = entries.reduce((sum, one) => sum + tarBytes(one), 0) / packs.length;
  expect(average).toBeGreaterThan(64 * 1024);
  expect(average).toBeLessThan(256 * 1024);
});
