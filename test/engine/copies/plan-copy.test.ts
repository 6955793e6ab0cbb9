import { describe, expect, test } from 'vitest';
import { type CopyCandidate, type CopyFacts, planCopy } from '../../../src/engine/copies/plan-copy.ts';

const day = 86_400_000;

function candidate(sequence: number, brain = `brain-${sequence}`, more: Partial<CopyCandidate> = {}): CopyCandidate {
  return {
    id: `s${sequence}`,
    sequence,
    createdAtMs: sequence * day,
    pinned: false,
    isSafety: false,
    hasGoodBrain: true,
    hasGoodArchive: true,
    files: [
      { file: 'codex-brain.db', bytes: 1000, sha256: brain },
      { file: 'codex-code.tar.gz', bytes: 50_000, sha256: 'archive' },
    ],
    ...more,
  };
}

const plan = (facts: Partial<CopyFacts>) =>
  planCopy({ source: [], stored: [], incoming: new Map(), rules: {}, alarm: null, canLink: true, ...facts });

const ids = (added: ReturnType<typeof planCopy>['add']) => added.map(({ id }) => id);

describe('a copy without rules', () => {
  test('gets what it lacks, the newest first, and never loses anything', () => {
    const stored = [candidate(1), candidate(7)];
    const planned = plan({ source: [candidate(3), candidate(2), candidate(1)], stored });
    expect(ids(planned.add)).toEqual(['s3', 's2']);
    expect([...planned.removeFirst, ...planned.removeLast]).toEqual([]);
  });

  test('ten snapshots with one archive send it once, and an archive that is there is not sent', () => {
    const source = Array.from({ length: 10 }, (_, index) => candidate(index + 1));
    const first = plan({ source });
    expect(first.sendBytes).toBe(50_000 + 10 * 1000);
    expect(first.linkBytes).toBe(9 * 50_000);
    const next = plan({ source: [candidate(11)], stored: source });
    expect(next.sendBytes).toBe(1000);
    expect(next.add[0]?.files[1]?.way).toMatchObject({ kind: 'link', from: { file: 'codex-code.tar.gz' } });
  });

  test('where nothing can be linked, all of it travels', () => {
    expect(plan({ source: [candidate(2)], stored: [candidate(1)], canLink: false }).sendBytes).toBe(51_000);
  });

  test('what has arrived whole is not sent again, and of a part only the rest', () => {
    const incoming = new Map([
      [
        's1',
        new Map([
          ['codex-code.tar.gz', 50_000],
          ['codex-brain.db', 400],
        ]),
      ],
    ]);
    const [added] = plan({ source: [candidate(1)], incoming }).add;
    expect(added?.files.map(({ way }) => way)).toEqual([{ kind: 'send', arrivedBytes: 400 }, { kind: 'arrived' }]);
  });

  test('what is on its way and will not come is dropped', () => {
    expect(plan({ source: [candidate(2)], incoming: new Map([['s1', new Map()]]) }).dropIncoming).toEqual(['s1']);
  });
});

describe('a copy with rules of its own', () => {
  test('is not sent what it would remove again', () => {
    const source = [candidate(3), candidate(2), candidate(1)];
    expect(ids(plan({ source, rules: { keepLast: 1 } }).add)).toEqual(['s3']);
  });

  test('removes first what no rule wants either way, and last what only the new one replaces', () => {
    const stored = [candidate(3), candidate(2), candidate(1)];
    const planned = plan({ source: [candidate(4), ...stored], stored, rules: { keepLast: 1 } });
    expect(planned.removeFirst).toEqual(['s1', 's2']);
    expect(planned.removeLast).toEqual(['s3']);
  });

  test('keeps what is pinned, and everything while an alarm stands', () => {
    const stored = [candidate(3), candidate(2, 'b2', { pinned: true }), candidate(1)];
    expect(plan({ stored, rules: { keepLast: 1 } }).removeFirst).toEqual(['s1']);
    expect(plan({ stored, rules: { keepLast: 1 }, alarm: 'memories are missing' }).removeFirst).toEqual([]);
  });

  test('never removes the last one with a good Brain for one that has none', () => {
    const stored = [candidate(1)];
    const source = [candidate(2, 'corrupt', { hasGoodBrain: false })];
    const planned = plan({ source, stored, rules: { keepLast: 1 } });
    expect([...planned.removeFirst, ...planned.removeLast]).toEqual([]);
  });

  test('does not link to what it is about to remove', () => {
    const stored = [candidate(2, 'b2', { files: [{ file: 'x', bytes: 1, sha256: 'other' }] }), candidate(1)];
    const planned = plan({ source: [candidate(3), ...stored], stored, rules: { keepLast: 2 } });
    expect(planned.removeFirst).toEqual([]);
    expect(planned.removeLast).toEqual(['s1']);
    const gone = plan({ source: [candidate(3)], stored: [...stored, candidate(0)], rules: { keepLast: 2 } });
    expect(gone.removeFirst).toEqual(['s0']);
    expect(gone.add[0]?.files[1]?.way).toMatchObject({ kind: 'link', from: { id: 's1' } });
  });
});
