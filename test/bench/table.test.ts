import { describe, expect, it } from 'vitest';
import { formatTable, formatValue } from '../../bench/report/table.ts';
import type { Finding } from '../../bench/row.ts';

const findings: readonly Finding[] = [
  {
    what: 'first snapshot',
    unit: 'ms',
    ours: [1000, 1250, 1500],
    peer: { name: 'tar -czf', samples: [2000, 2500, 3000] },
    bound: { kind: 'ratio', atMost: 0.55 },
    note: '8909 files',
  },
  { what: 'new disk', unit: 'bytes', ours: [77_800], bound: { kind: 'value', atMost: 200_000 } },
  {
    what: 'again',
    unit: 'ms',
    ours: [100, 120],
    peer: { name: 'borg', samples: [] },
    bound: { kind: 'ratio', atMost: 0.6, isInformation: true },
  },
];

describe('formatTable', () => {
  it('prints medians, ranges, ratio, bound and verdict in columns, and notes below', () => {
    expect(formatTable(findings)).toBe(
      [
        'what               ours        min–max  against          median        min–max   ratio  bound',
        '──────────────  ───────  ─────────────  ────────  ─────────────  ─────────────  ──────  ───────────────────  ───────',
        'first snapshot   1.25 s  1.00 s–1.50 s  tar -czf         2.50 s  2.00 s–3.00 s  0.50 ×  0.55 ×               met',
        'new disk        77.8 KB                                                                 200.0 KB             met',
        'again            110 ms  100 ms–120 ms  borg      not installed                         0.6 × (information)  no peer',
        '',
        'first snapshot: 8909 files',
      ].join('\n'),
    );
  });

  it('prints its header alone when nothing was measured', () => {
    expect(formatTable([]).split('\n')).toHaveLength(2);
  });
});

describe('formatValue', () => {
  it('chooses digits that a reader can compare', () => {
    expect(formatValue(0.137, 'ms')).toBe('0.14 ms');
    expect(formatValue(812.4, 'ms')).toBe('812 ms');
    expect(formatValue(2314, 'ms')).toBe('2.31 s');
    expect(formatValue(17_288_703, 'bytes')).toBe('17.3 MB');
    expect(formatValue(0, 'count')).toBe('0');
  });
});
