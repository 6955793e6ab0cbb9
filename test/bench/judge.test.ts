import { describe, expect, it } from 'vitest';
import { judge } from '../../bench/report/judge.ts';
import type { Finding } from '../../bench/row.ts';

const finding: Finding = {
  what: 'something',
  unit: 'ms',
  ours: [50, 900, 55],
  peer: { name: 'tar', samples: [100, 110, 90] },
  bound: { kind: 'ratio', atMost: 0.55 },
};

describe('judge', () => {
  it('holds the ratio of the medians against the bound', () => {
    expect(judge(finding)).toEqual({ ours: 55, peer: 100, ratio: 0.55, verdict: 'met' });
    expect(judge({ ...finding, bound: { kind: 'ratio', atMost: 0.54 } }).verdict).toBe('NOT MET');
  });

  it('judges a bound for information as any other', () => {
    const bound = { kind: 'ratio', atMost: 0.5, isInformation: true } as const;
    expect(judge({ ...finding, bound }).verdict).toBe('NOT MET');
  });

  it('holds a value against its bound even where a peer was measured', () => {
    expect(judge({ ...finding, bound: { kind: 'value', atMost: 55 } }).verdict).toBe('met');
    expect(judge({ ...finding, bound: { kind: 'value', atMost: 54 } }).verdict).toBe('NOT MET');
  });

  it('says that the peer is missing instead of that a ratio is met', () => {
    const judged = judge({ ...finding, peer: { name: 'borg', samples: [] } });
    expect(judged).toEqual({ ours: 55, peer: undefined, ratio: undefined, verdict: 'no peer' });
  });

  it('does not take a row without samples for met', () => {
    expect(judge({ ...finding, ours: [] }).verdict).toBe('NOT MET');
  });

  it('calls a finding without a bound information', () => {
    expect(judge({ ...finding, bound: { kind: 'none' } }).verdict).toBe('information');
  });
});
