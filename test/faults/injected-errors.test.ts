import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Engine } from '../../src/engine/index.ts';
import { createFaultPlace, type FaultPlace, leftOvers, scale, snapshotNames } from './support/fault-place.ts';
import { expectIntact, fingerprint } from './support/fingerprint.ts';
import { injectFaults, whyNoStrace } from './support/strace.ts';

const answer = z.union([
  z.object({ ok: z.literal(true), id: z.string(), status: z.string() }),
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.string(), message: z.string(), hint: z.string(), details: z.unknown() }),
  }),
]);

/**
 * Which calls fail, and with what. `write` is not among them: Node's own wake-ups between threads are writes too.
 * Writing by `write` meets a really full disk in another test.
 */
const faults = [
  { calls: 'pwrite64', error: 'ENOSPC', step: 15 },
  { calls: 'pwrite64', error: 'EIO', step: 17 },
  { calls: 'fsync,fdatasync', error: 'EIO', step: 6 },
  { calls: 'fsync,fdatasync', error: 'ENOSPC', step: 9 },
  { calls: 'rename,renameat2', error: 'EDQUOT', step: 1 },
  { calls: 'mkdir', error: 'EDQUOT', step: 4 },
  { calls: 'link', error: 'ENOSPC', step: 1 },
  { calls: 'unlink,rmdir', error: 'EACCES', step: 2 },
  { calls: 'openat', error: 'EACCES', step: 40 },
  { calls: 'openat', error: 'EMFILE', step: 50 },
  { calls: 'pread64', error: 'EIO', step: 55 },
] as const;

/** A process with all code loaded that takes snapshots on demand, and an engine of our own that judges them. */
interface Loop {
  readonly child: ChildProcess;
  take(): Promise<z.infer<typeof answer>>;
}

interface Stage {
  readonly place: FaultPlace;
  readonly loop: Loop;
  readonly judge: Engine;
}

const stages: Stage[] = [];
/** That of the tests before, handed on from one to the next as long as none fails. */
let sound: Stage | undefined;

afterAll(async () => {
  for (const { place, loop, judge } of stages) {
    loop.child.kill('SIGKILL');
    await judge.close();
    rmSync(place.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
});

async function createStage(): Promise<Stage> {
  const place = createFaultPlace({ folder: mkdtempSync(join(realpathSync(tmpdir()), 'codex-backup-injected-')) });
  const stage = { place, loop: await startLoop(place), judge: place.engine() };
  stages.push(stage);
  for (const _warm of [1, 2]) expect(await stage.loop.take()).toEqual(expect.objectContaining({ ok: true }));
  return stage;
}

async function startLoop(place: FaultPlace): Promise<Loop> {
  const script = join(import.meta.dirname, 'support/snapshot-loop.ts');
  const env = { ...place.env, UV_THREADPOOL_SIZE: '1' };
  const child = fork(script, [place.root, place.backups, place.home], { env, execArgv: [], cwd: place.folder });
  await once(child, 'message');
  return {
    child,
    take: async () => {
      const settled = new AbortController();
      const died = once(child, 'exit', { signal: settled.signal }).then(([code, signal]) => {
        throw new Error(`the process that takes snapshots ended: ${String(code ?? signal)}`);
      });
      const answered = once(child, 'message', { signal: settled.signal });
      child.send('take');
      try {
        const [message] = await Promise.race([answered, died]);
        return answer.parse(message);
      } finally {
        settled.abort();
        await Promise.allSettled([answered, died]);
      }
    },
  };
}

const changeCode = (place: FaultPlace) => appendFileSync(join(place.root, 'codex-bridge/src/a/deep/route.js'), '\n');

describe.skipIf(whyNoStrace)(`with failing system calls${whyNoStrace ? ` (${whyNoStrace})` : ''}`, () => {
  test.for(
    faults.flatMap((fault) => [{ ...fault, how: 'once' } as const, { ...fault, how: 'for ever after' } as const]),
  )('C39, C40, C42: $calls fails with $error, $how', { timeout: 180_000 * scale }, async (fault, { signal }) => {
    const stage = sound ?? (await createStage());
    sound = undefined;
    const step = Math.max(1, Math.round((fault.step * (fault.how === 'once' ? 1 : 2)) / scale));
    let fired = 0;
    let rounds = 0;
    for (let number = 1; ; number += step) {
      const hits = await takeWithFault(stage, {
        ...fault,
        when: `${number}${fault.how === 'once' ? '' : '+'}`,
      });
      if (hits === 0) break;
      fired += hits;
      rounds += 1;
    }
    process.stderr.write(`${fault.calls} ${fault.error} ${fault.how}: ${rounds} rounds, ${fired} fired\n`);
    expect(fired, 'no fault fired').toBeGreaterThan(0);
    await stage.judge.prune({ rules: { keepLast: 2 } });
    // One that ran out of time goes on beside the tests after it.
    if (!signal.aborted) sound = stage;
  });
});

/** One snapshot with a fault, one without; answers how many calls failed. */
async function takeWithFault(
  { place, loop: { child, take }, judge }: Stage,
  fault: { readonly calls: string; readonly error: string; readonly when: string },
): Promise<number> {
  const before = fingerprint(place.backups);
  const published = snapshotNames(place.backups);
  if (fault.calls !== 'link') changeCode(place);
  const stop = await injectFaults(child, join(place.folder, 'trace'), fault);
  const result = await take();
  const fired = await stop();
  const context = `${fault.calls} ${fault.when}: ${JSON.stringify(result)}`;
  expectIntact(place.backups, before);
  const added = snapshotNames(place.backups).filter((name) => !published.includes(name));
  expect(added, context).toEqual(result.ok ? [result.id] : []);
  if (result.ok) {
    const [verified] = await judge.verify([result.id]);
    const { brain, databases } = await judge.show(result.id);
    const said = [brain, ...databases].map((part) => part?.integrity).join('; ');
    expect(verified?.problems, `${context}: ${said}`).toEqual([]);
  } else {
    expect(result.error.code, context).not.toBe('bug');
    expect(
      [place.folder, '/proc'].some((path) => result.error.message.includes(path)),
      context,
    ).toBe(true);
    expect(result.error.hint, context).not.toBe('');
  }
  const next = await take();
  expect(next, `after ${context}`).toMatchObject({ ok: true, status: 'verified' });
  expect(leftOvers(place.backups), `after ${context}`).toEqual([]);
  expect((await judge.list()).filter(({ status }) => status === 'damaged')).toEqual([]);
  return fired;
}
