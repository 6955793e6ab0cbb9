import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createFaultPlace, type FaultPlace, leftOvers, scale, snapshotNames } from './support/fault-place.ts';
import { errorOf } from './support/json-ending.ts';
import { findNamespace } from './support/namespace.ts';

/** Why no file system of our own can be mounted here; undefined where it can. */
const namespace = findNamespace();
const whyNoMount = namespace === undefined ? 'no file system can be mounted' : undefined;

/**
 * A shell script that runs on a small disk of its own, mounted at `$BACKUPS`; `run`, `list` … are the command with
 * `--json`, whose documents and exit codes are printed one a line.
 */
async function onSmallDisk(place: FaultPlace, script: string, reserveBytes = 0): Promise<readonly Step[]> {
  // Without an estimate before writing, so that it is the writing that meets the full disk.
  mkdirSync(place.home, { recursive: true });
  writeFileSync(join(place.home, 'settings.json'), JSON.stringify({ version: 1, space: { reserveBytes } }));
  const file = join(place.folder, 'script.sh');
  writeFileSync(
    file,
    `set -u
BACKUPS='${place.backups}'
mkdir -p "$BACKUPS"
mount -t tmpfs -o size=8m none "$BACKUPS"
NODE=$1; LAUNCHER=$2; shift 2
codex() {
  "$NODE" "$LAUNCHER" "$@" --json --root '${place.root}' --backups "$BACKUPS" 2>>'${place.folder}/stderr.txt' | tr -d '\\n'
  printf '\\t%s\\t%s\\n' "$(snapshots)" "$(strays)"
}
snapshots() { ls "$BACKUPS" | grep -c '^codex-backup-'; }
strays() { ls -A "$BACKUPS" | grep -c '^\\.partial-\\|^\\.trash-'; }
names() { ls "$BACKUPS" | grep '^codex-backup-'; }
hash() { (cd "$BACKUPS" && find "$@" -type f -exec sha256sum {} + | sort | sha256sum); }
change() { echo "// $1" >> '${place.root}/codex-bridge/src/a/deep/route.js'; }
${script}
`,
  );
  // `run` appends the launcher's path and arguments, which the script takes apart again.
  const wrapper = [...(namespace ?? []), 'sh', file];
  const ending = await place.run([], { wrapper });
  expect(ending.code, ending.err).toBe(0);
  return ending.out.trimEnd().split('\n').map(parseStep);
}

interface Step {
  readonly document: Record<string, unknown>;
  readonly snapshots: number;
  readonly strays: number;
}

function parseStep(line: string): Step {
  const [json = '', snapshots = '', strays = ''] = line.split('\t');
  return { document: JSON.parse(json), snapshots: Number(snapshots), strays: Number(strays) };
}

const statusSchema = z.object({ status: z.object({ disk: z.object({ usedBytes: z.number() }) }) });

/** What the backups take, by the answer of `status`. */
const usedBy = (document: unknown): number => statusSchema.parse(document).status.disk.usedBytes;

const ending = (step: Step) => ({ code: null, signal: null, out: JSON.stringify(step.document), err: '' });

const fillings = scale === 1 ? 3 : 5 * scale;

describe.skipIf(whyNoMount)(`on a disk of 8 MB${whyNoMount ? ` (${whyNoMount})` : ''}`, () => {
  test(`C39: filled to ${fillings} random degrees, a run makes a good snapshot or none`, {
    timeout: 60_000 * scale,
  }, async () => {
    const place = createFaultPlace({ brainBytes: 1_500_000 });
    const rooms = Array.from({ length: fillings }, (_, i) => Math.round(((i + Math.random()) * 1_900_000) / fillings));
    const rounds = rooms.map(
      (room) => `
change ${room}
earlier=$(names)
before=$(hash $earlier)
head -c $(($(df --output=avail -B1 "$BACKUPS" | tail -1) - ${room})) /dev/zero > "$BACKUPS/filler"
codex run
rm "$BACKUPS/filler"
[ "$(hash $earlier)" = "$before" ] || echo 'an earlier snapshot has changed'
codex verify
codex run
codex remove "$(names | head -1)" --yes
[ "$(snapshots)" -lt 2 ] || codex remove "$(names | head -1)" --yes
`,
    );
    const steps = await onSmallDisk(place, `codex run\n${rounds.join('')}`);
    const errors: string[] = [];
    for (const step of steps) {
      expect(step.strays).toBe(0);
      if (step.document['ok'] === true) continue;
      const { code, message, hint } = errorOf(ending(step));
      expect(code, message).toBe('disk-full');
      expect(message).toContain(place.folder);
      expect(hint).toMatch(/[Ff]ree some space/);
      errors.push(message);
    }
    expect(errors.length, 'the disk was never full').toBeGreaterThan(0);
    expect(errors.length).toBeLessThanOrEqual(fillings);
    const verified = steps.filter(({ document }) => Array.isArray(document['results']));
    expect(verified).toHaveLength(fillings);
    expect(JSON.stringify(verified.map(({ document }) => document))).not.toMatch(/damaged/);
  });

  test('C39: what is on a disk without a free byte can be listed, verified, read and removed', async () => {
    const place = createFaultPlace();
    const steps = await onSmallDisk(
      place,
      `codex run >/dev/null; change 1; codex run >/dev/null
cat /dev/zero > "$BACKUPS/filler" 2>/dev/null
oldest=$(names | head -1)
codex list; codex verify; codex files latest; codex status
codex run; codex pin latest; codex note latest text
codex remove "$oldest" --yes
codex run; rm "$BACKUPS/filler"; codex run
`,
    );
    const [failing, working] = [steps.slice(4, 7), [...steps.slice(0, 4), ...steps.slice(7)]];
    expect(working.filter(({ document }) => document['ok'] !== true)).toEqual([]);
    for (const step of failing) expect(errorOf(ending(step)).code).toBe('disk-full');
    expect(steps.every(({ strays }) => strays === 0)).toBe(true);
  });

  test('D58: on a disk without a free byte pruning frees what it said', async () => {
    const place = createFaultPlace();
    const steps = await onSmallDisk(
      place,
      `for i in 1 2 3 4; do change $i; codex run >/dev/null; done
cat /dev/zero > "$BACKUPS/filler" 2>/dev/null
codex prune --keep-last 2 --dry-run
codex status
codex prune --keep-last 2 --yes
codex status; codex verify; codex run
`,
    );
    const [planned, before, pruned, after, verified, run] = steps.map(({ document }) => document);
    expect(steps.map(({ document }) => document['ok'])).toEqual([true, true, true, true, true, true]);
    expect(pruned).toEqual(planned);
    expect(usedBy(before) - usedBy(after)).toBe(pruned?.['freedBytes']);
    expect(JSON.stringify(verified)).not.toContain('damaged');
    expect(run?.['snapshot']).toMatchObject({ status: 'verified' });
    expect(steps.map(({ snapshots }) => snapshots)).toEqual([4, 4, 2, 2, 2, 3]);
    expect(steps.every(({ strays }) => strays === 0)).toBe(true);
  });

  test('C39: what will not fit is refused before it is written, with what would free space', async () => {
    const place = createFaultPlace({ brainBytes: 1_500_000 });
    const steps = await onSmallDisk(
      place,
      `codex settings retention.keepLast 1 >/dev/null
codex run >/dev/null; codex run >/dev/null
codex run --trigger growth
head -c $(($(df --output=avail -B1 "$BACKUPS" | tail -1) - 1000000)) /dev/zero > "$BACKUPS/filler"
codex run --trigger growth; codex run; codex run --trigger pre-restore
codex prune --yes
codex run
codex activity --limit 5
`,
      1_000_000,
    );
    const [fits, ...rest] = steps;
    expect(fits?.document['ok']).toBe(true);
    for (const step of rest.slice(0, 3)) {
      const { code, hint } = errorOf(ending(step));
      expect(code).toBe('low-space');
      expect(hint).toMatch(/^"codex-backup prune" would free \d/);
    }
    expect(rest.map(({ document }) => document['ok'])).toEqual([false, false, false, true, true, true]);
    expect(rest.map(({ snapshots }) => snapshots)).toEqual([3, 3, 3, 1, 2, 2]);
    expect(JSON.stringify(rest.at(-1)?.document)).toContain('of free space; the snapshot needs about');
  });

  test('C41: a disk that is mounted read-only can be read, and says what is wrong when it is to be written', async () => {
    const place = createFaultPlace();
    const steps = await onSmallDisk(
      place,
      `codex run
mount -o remount,ro "$BACKUPS"
codex list; codex verify; codex files latest
codex run; codex pin latest; codex remove latest --yes
mount -o remount,rw "$BACKUPS"
codex run
`,
    );
    expect(steps.map(({ document }) => document['ok'])).toEqual([true, true, true, true, false, false, false, true]);
    for (const step of steps.slice(4, 7)) {
      const { code, message, hint } = errorOf(ending(step));
      expect(code).toBe('backups-unwritable');
      expect(message).toContain(place.backups);
      expect(hint).toMatch(/read-only|permissions/);
    }
    expect(steps.map(({ snapshots }) => snapshots)).toEqual([1, 1, 1, 1, 1, 1, 1, 2]);
  });
});

test('C40: a limit of the size of files ends a snapshot with its name, and leaves nothing', async () => {
  const place = createFaultPlace({ brainBytes: 3_000_000 });
  const limit = (blocks: number) => ['sh', '-c', `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`, 'sh'];
  expect((await place.run(['run', '--json'])).code).toBe(0);
  appendFileSync(join(place.root, 'codex-bridge/src/a/deep/route.js'), '\n');
  let failed = 0;
  for (const blocks of [200, 2000, 20_000]) {
    const before = snapshotNames(place.backups);
    const ended = await place.run(['run', '--json'], { wrapper: limit(blocks) });
    expect(leftOvers(place.backups)).toEqual([]);
    if (ended.code === 0) continue;
    failed += 1;
    expect(errorOf(ended).message).toContain(place.folder);
    expect(snapshotNames(place.backups)).toEqual(before);
  }
  expect(failed).toBeGreaterThan(0);
  expect((await place.run(['run', '--json'])).code).toBe(0);
});

test('C54: with few open files allowed, a run makes a good snapshot or says so', async () => {
  const place = createFaultPlace();
  for (let i = 0; i < 150; i += 1) {
    mkdirSync(join(place.root, `codex-voice/many/${i}`), { recursive: true });
    writeFileSync(join(place.root, `codex-voice/many/${i}/file.txt`), `${i}\n`.repeat(100));
  }
  const results = new Set<number | null>();
  for (const files of [26, 34, 64]) {
    const wrapper = ['sh', '-c', `ulimit -n ${files}; exec "$@"`, 'sh'];
    const before = existsSync(place.backups) ? snapshotNames(place.backups).length : 0;
    const ended = await place.run(['run', '--json'], { wrapper });
    results.add(ended.code);
    const after = existsSync(place.backups) ? snapshotNames(place.backups).length : 0;
    expect(after - before, ended.out + ended.err).toBe(ended.code === 0 || ended.code === 3 ? 1 : 0);
    // So few that Node itself does not start, or can't load what reports errors.
    if (ended.out !== '' && ended.code !== 0 && ended.code !== 3) expect(errorOf(ended).message).not.toBe('');
  }
  expect(results).toContain(0);
  const engine = place.engine();
  const verified = await engine.verify([]);
  await engine.close();
  expect(verified.flatMap(({ problems }) => problems)).toEqual([]);
  expect(readdirSync(place.backups).filter((name) => name.startsWith('.partial-'))).toEqual([]);
});
