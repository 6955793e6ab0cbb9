import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type CallName, calls } from '../../../src/shared/protocol/calls.ts';
import type { Channel } from '../../../src/shared/protocol/channel.ts';
import { type CallHandlers, dispatch } from '../../../src/shared/protocol/dispatch.ts';
import { serveChannel } from '../../../src/shared/protocol/serve-channel.ts';
import { createSeededRandom, type SeededRandom } from '../../engine/code/seeded-random.ts';

/** 100,000 in a long run. */
const messages = 10_000 * Math.min(10, Number(process.env['SCALE'] ?? 1));
const batch = 500;
const names = Object.keys(calls) as CallName[];

/** What a window of ours may say, and what one that was taken over tries. */
const words = [
  'codex-backup-2025-11-22T03-35-57-396Z',
  'codex-brain/src/index.js',
  'watch.intervalSeconds',
  'restore.stop',
  '../../etc/passwd',
  '/etc/passwd',
  '__proto__',
  'constructor',
  '',
  '\u0000',
  'x'.repeat(3000),
] as const;
const keys = ['id', 'path', 'key', 'text', 'pinned', 'job', 'kind', 'from', 'to', '__proto__', 'constructor'] as const;

function randomValue(random: SeededRandom, depth = 0): unknown {
  const kind = random.below(depth > 2 ? 5 : 7);
  if (kind === 0) return random.pick(words);
  if (kind === 1) return random.below(1e6) - 10;
  if (kind === 2) return random.chance(0.5);
  if (kind === 3) return null;
  if (kind === 4) return random.pick(names as [CallName, ...CallName[]]);
  const inner = Array.from({ length: random.below(4) }, () => randomValue(random, depth + 1));
  if (kind === 5) return inner;
  // By JSON, so that `__proto__` is a name like any other.
  return JSON.parse(
    `{${inner.map((value) => `${JSON.stringify(random.pick(keys))}:${JSON.stringify(value)}`).join()}}`,
  );
}

/** One message: a call that is well-formed in most places, then now and then broken at one of its characters. */
function randomMessage(random: SeededRandom): string {
  const name = random.chance(0.8) ? random.pick(names as [CallName, ...CallName[]]) : randomValue(random);
  const frame = {
    t: random.chance(0.97) ? 'q' : randomValue(random),
    i: random.chance(0.97) ? `id-${random.below(9)}` : randomValue(random),
    m: random.chance(0.95) ? 'call' : randomValue(random),
    a: random.chance(0.97) ? [1 + random.below(9), name, randomValue(random)] : randomValue(random),
  };
  const text = JSON.stringify(frame);
  if (random.chance(0.8)) return text;
  const at = random.below(text.length);
  return text.slice(0, at) + random.pick(['', '"', '{', '\\u', '9e999', '[']) + text.slice(at + random.below(3));
}

test(`F101, F103: of ${messages} random messages none does more than its schema allows; each is answered, or ends its channel`, async () => {
  const random = createSeededRandom(101);
  const reached: { readonly name: CallName; readonly payload: unknown }[] = [];
  const defects: unknown[] = [];
  const handlers = Object.fromEntries(
    names.map((name) => [name, (payload: unknown) => void reached.push({ name, payload })]),
  ) as unknown as CallHandlers<null>;
  const counts = { closed: 0, refused: 0, done: 0 };
  for (let sent = 0; sent < messages; sent += batch) {
    const windows = Array.from({ length: batch }, () => openWindow());
    for (const window of windows) window.send(randomMessage(random));
    await setImmediate();
    for (const window of windows) counts[window.outcome()] += 1;
  }
  expect(defects).toEqual([]);
  expect(counts.closed + counts.refused + counts.done).toBe(messages);
  // Each of the three was met often enough to say something.
  for (const [outcome, count] of Object.entries(counts)) expect(count, outcome).toBeGreaterThan(messages / 500);
  expect(reached).toHaveLength(counts.done);
  for (const { name, payload } of reached) expect(calls[name].payload.safeParse(payload).success, name).toBe(true);
  expect(Object.keys(Object.prototype)).toEqual([]);

  function openWindow() {
    const answers: string[] = [];
    let isClosed = false;
    let tell: (text: string) => void = () => undefined;
    const channel: Channel = {
      post: (text) => answers.push(text),
      onText: (listener) => {
        tell = listener;
        return () => undefined;
      },
      onClose: () => () => undefined,
      close: () => {
        isClosed = true;
      },
    };
    serveChannel(channel, {
      mayReceive: () => true,
      answer: (name, payload) => dispatch(handlers, name, payload, { signal: null }, (error) => defects.push(error)),
    });
    return {
      send: (text: string) => tell(text),
      outcome: (): keyof typeof counts => {
        if (isClosed) return 'closed';
        const [answer = '', ...more] = answers;
        expect(more).toEqual([]);
        if (answer.includes('"ok":true')) return 'done';
        expect(answer).toContain('"code":"usage"');
        return 'refused';
      },
    };
  }
}, 120_000);
