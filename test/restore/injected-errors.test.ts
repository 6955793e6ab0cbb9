import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createEngine } from '../../src/engine/index.ts';
import { silentLogger } from '../../src/engine/platform/logger.ts';
import { injectFaults, whyNoStrace } from '../faults/support/strace.ts';
import { type CodexPlace, createCodexPlace } from '../helpers/codex-place.ts';
import { hashTree } from '../helpers/hash-tree.ts';
import { keepPlace } from '../helpers/keep-place.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const scale = Number(process.env['SCALE'] ?? 1);
const answer = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.string(), message: z.string(), hint: z.string(), details: z.unknown() }),
  }),
]);
type Answer = z.infer<typeof answer>;

/** Which calls fail, and after how many the next one is tried; with SCALE=10 ten times as many of them. */
const faults = [
  { calls: 'pwrite64', error: 'ENOSPC', step: 5, isJournal: true },
  { calls: 'fsync,fdatasync', error: 'EIO', step: 14 },
  { calls: 'rename,renameat2', error: 'EACCES', step: 6 },
  { calls: 'mkdir', error: 'ENOSPC', step: 10 },
  { calls: 'pwrite64', error: 'ENOSPC', step: 60 },
  { calls: 'openat', error: 'EMFILE', step: 150 },
  { calls: 'pread64', error: 'EIO', step: 120 },
  { calls: 'unlink,rmdir', error: 'EACCES', step: 3 },
  { calls: 'chmod,fchmod', error: 'EPERM', step: 8 },
] as const;

interface Stage {
  readonly place: CodexPlace;
  readonly child: ChildProcess;
  readonly old: Readonly<Record<string, string>>;
  readonly restored: Readonly<Record<string, string>>;
  readonly journalFile: string;
  /** Puts the root back as it was in the beginning. */
  reset(): void;
  restore(): Promise<Answer>;
}

const hash = ({ root }: CodexPlace) => hashTree(root, ['backups']);

/** A place with one snapshot and changes of every kind since, and a process with all code loaded that restores it. */
async function createStage(): Promise<Stage> {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(7);
  place.write('codex-brain/src/brain.js', 'export const brain = 2;\n');
  place.write('codex-brain/lib/new.js', 'made since\n');
  unlinkSync(join(place.root, 'codex-brain/src/old.js'));
  rmSync(join(place.root, 'codex-voice'), { recursive: true });
  const old = hash(place);
  const reset = await keepPlace(place);
  const now = Date.now() + 60_000;
  const child = fork(join(import.meta.dirname, 'restore-loop.ts'), [place.root, temporaryFolder(), String(now)], {
    env: { ...process.env, TMPDIR: temporaryFolder(), UV_THREADPOOL_SIZE: '1' },
    execArgv: [],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  const restore = async (): Promise<Answer> => {
    const answered = once(child, 'message');
    child.send('restore');
    const [message] = await answered;
    return answer.parse(message);
  };
  expect(await restore()).toEqual({ ok: true });
  const restored = hash(place);
  const id = `restore-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
  return {
    place,
    child,
    old,
    restored,
    journalFile: join(place.base, '.Codex-restores', id, 'journal.jsonl'),
    reset,
    restore,
  };
}

describe.skipIf(whyNoStrace)(`with failing system calls${whyNoStrace ? ` (${whyNoStrace})` : ''}`, () => {
  test.for(['once', 'for ever after'] as const)(
    'F84: a restore of which any call fails, %s, ends all-old or all-new, says so, and snapshots go on',
    { timeout: 600_000 * scale },
    async (how) => {
      const stage = await createStage();
      for (const fault of faults) {
        const step = Math.max(1, Math.round((fault.step * (how === 'once' ? 1 : 2)) / scale));
        const told = new Map<string, number>();
        let fired = 0;
        for (let number = 1; ; number += step) {
          const when = `${number}${how === 'once' ? '' : '+'}`;
          const hits = await restoreWithFault(stage, { ...fault, when }, told);
          if (hits === 0) break;
          fired += hits;
        }
        const { calls, error } = fault;
        process.stderr.write(`${calls} ${error} ${how}: ${fired} fired, ${JSON.stringify([...told])}\n`);
        expect(fired, `${calls}: no fault fired`).toBeGreaterThan(0);
      }
    },
  );
});

interface Fault {
  readonly calls: string;
  readonly error: string;
  readonly when: string;
  readonly isJournal?: boolean;
}

/** One restore with a fault, then a recovery and a snapshot without; answers how many calls failed. */
async function restoreWithFault(stage: Stage, fault: Fault, told: Map<string, number>): Promise<number> {
  const { place, child, old, restored } = stage;
  stage.reset();
  const path = fault.isJournal === true ? stage.journalFile : undefined;
  if (path !== undefined) mkdirSync(join(place.base, '.Codex-restores'), { recursive: true, mode: 0o700 });
  const stop = await injectFaults(child, join(temporaryFolder(), 'trace'), { ...fault, path });
  const result = await stage.restore();
  const fired = await stop();
  const context = `${fault.calls} ${fault.when}: ${JSON.stringify(result)}`;
  const ended = result.ok ? 'restored' : result.error.code;
  told.set(ended, (told.get(ended) ?? 0) + 1);
  if (!result.ok) {
    expect(result.error.code, context).not.toBe('bug');
    expect(result.error.hint, context).not.toBe('');
  }
  // One that could not go back by itself says so, and the next recovery does it.
  if (ended !== 'rollback-failed') expect(hash(place), context).toEqual(result.ok ? restored : old);
  const { root } = place;
  const next = createEngine({ root, home: temporaryFolder(), env: { ...process.env }, logger: silentLogger });
  try {
    await next.recover();
    expect([old, restored], context).toContainEqual(hash(place));
    expect(
      (await next.restores()).map(({ state }) => state),
      context,
    ).not.toContain('interrupted');
    // Only a failure can be in the way of it.
    if (!result.ok) expect((await next.run({ trigger: 'manual' })).status, context).toBe('verified');
  } finally {
    await next.close();
  }
  return fired;
}
