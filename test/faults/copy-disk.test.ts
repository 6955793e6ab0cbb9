import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { addDisk, type SnapshotStock, takeStock } from '../helpers/copy-place.ts';
import { createFaultPlace, type FaultPlace } from './support/fault-place.ts';

const namespace = [
  ['unshare', '-m'],
  ['unshare', '-Urm'],
].find(([command = '', ...parameters]) => {
  const script = 'mount -t tmpfs -o size=64k none /mnt';
  return spawnSync(command, [...parameters, 'sh', '-c', script]).status === 0;
});

let stock: SnapshotStock;
const stockFolder = mkdtempSync(join(realpathSync(tmpdir()), 'codex-backup-stock-'));
beforeAll(async () => {
  stock = await takeStock(stockFolder);
});
afterAll(() => rmSync(stockFolder, { recursive: true, force: true }));

/** What has arrived when a copy is held at its first piece. */
const pieceBytes = 256 * 1024;

interface Line {
  readonly code: number;
  readonly names: readonly string[];
  readonly document: {
    readonly ok: boolean;
    readonly error?: { readonly code: string; readonly message: string; readonly hint: string };
  } & Record<string, unknown>;
}

/** Runs a script where `codex ARGS` prints its exit code, what lies on the disk, and its JSON document, in one line. */
async function onDisks(place: FaultPlace, disk: string, script: string): Promise<readonly Line[]> {
  const file = join(place.folder, 'script.sh');
  writeFileSync(
    file,
    `set -u
DISK='${disk}'
NODE=$1; LAUNCHER=$2; shift 2
codex() {
  "$NODE" "$LAUNCHER" "$@" --json --root '${place.root}' --backups '${place.backups}' >'${place.folder}/out.json' 2>>'${place.folder}/stderr.txt'
  printf '%s\\t%s\\t%s\\n' "$?" "$(ls -A "$DISK" | tr '\\n' ' ')" "$(tr -d '\\n' <'${place.folder}/out.json')"
}
${script}
`,
  );
  const { code, out, err } = await place.run([], { wrapper: [...(namespace ?? []), 'sh', file] });
  expect(code, err).toBe(0);
  return out
    .trimEnd()
    .split('\n')
    .map((line): Line => {
      const [exit = '', names = '', json = ''] = line.split('\t');
      return { code: Number(exit), names: names.trim().split(' ').filter(Boolean), document: JSON.parse(json) };
    });
}

const statuses = z.array(z.object({ state: z.string() }));
const states = (line: Line | undefined) => statuses.parse(line?.document['copies']).map(({ state }) => state);

describe.skipIf(namespace === undefined)('on disks that are mounted (skipped where none can be)', () => {
  test('C39: a copy on a disk that fills up says so, holds whole snapshots only, and goes on when there is room', async () => {
    const place = createFaultPlace();
    const disk = addDisk(place);
    const next = stock.bring(place);
    next();
    next();
    const changed = next();
    const lines = await onDisks(
      place,
      disk,
      `mount -t tmpfs -o size=4m none "$DISK"
codex copies test disk
head -c $(($(df --output=avail -B1 "$DISK" | tail -1) - 400000)) /dev/zero > "$DISK/filler"
codex copy disk
codex list --copy disk
codex copies
codex run --trigger manual
rm "$DISK/filler"
codex copy disk
codex list --copy disk`,
    );
    const [tested, full, listed, judged, ran, done, after] = lines;
    expect(tested?.code).toBe(0);
    expect(full?.document.error?.code).toBe('copy-full');
    expect(full?.document.error?.hint).toMatch(/[Ff]ree some space/);
    expect(listed?.document['snapshots']).toEqual([]);
    expect(states(judged)).toEqual(['failing']);
    // A copy that fails never fails a snapshot.
    expect(ran?.code).toBe(0);
    expect(done?.document['copy']).toMatchObject({ snapshots: 4 });
    expect(JSON.stringify(after?.document)).toContain(changed);
  });

  test('C39: the bytes run out in the middle of a file, and the next run sends only the rest', async () => {
    const place = createFaultPlace();
    const disk = addDisk(place);
    stock.bring(place)();
    const lines = await onDisks(
      place,
      disk,
      `mount -t tmpfs -o size=4m none "$DISK"
codex copies test disk
CODEX_BACKUP_FAIL_POINT="hold:copy:piece:${place.folder}/held" codex copy disk >'${place.folder}/held.txt' &
while [ ! -e '${place.folder}/held' ]; do sleep 0.02; done
cat /dev/zero > "$DISK/filler" 2>/dev/null
rm '${place.folder}/held'
wait
cat '${place.folder}/held.txt'
rm "$DISK/filler"
codex copy disk`,
    );
    const [, full, done] = lines;
    expect(full?.document.error?.code).toBe('copy-full');
    expect(full?.names.filter((name) => name.startsWith('codex-backup'))).toEqual([]);
    const sizes = readdirSync(place.backups, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.startsWith('codex-backup-') && !name.endsWith('manifest.json'))
      .map((name) => statSync(join(place.backups, name)))
      .map((stats) => (stats.isFile() ? stats.size : 0));
    const all = sizes.reduce((sum, bytes) => sum + bytes, 0);
    expect(done?.document).toMatchObject({ copy: { snapshots: 1, sentBytes: expect.any(Number) } });
    const { sentBytes } = z.object({ sentBytes: z.number() }).parse(done?.document['copy']);
    expect(sentBytes).toBeLessThanOrEqual(all - pieceBytes);
    expect(sentBytes).toBeGreaterThan(0);
  });

  test('C45: a disk that goes away in the middle leaves nothing on the one below it', async () => {
    const place = createFaultPlace();
    const disk = addDisk(place);
    stock.bring(place)();
    const lines = await onDisks(
      place,
      disk,
      `mount -t tmpfs -o size=8m none "$DISK"
codex copies test disk
CODEX_BACKUP_FAIL_POINT="hold:copy:sent:${place.folder}/held" codex copy disk >'${place.folder}/held.txt' &
while [ ! -e '${place.folder}/held' ]; do sleep 0.02; done
umount -l "$DISK"
rm '${place.folder}/held'
wait
cat '${place.folder}/held.txt'
codex copies
mount -t tmpfs -o size=8m none "$DISK"
codex copy disk
codex copies`,
    );
    const [, gone, judged, other] = lines;
    expect(gone?.document.error?.code).toBe('copy-absent');
    expect(gone?.code).toBe(5);
    expect(gone?.names).toEqual([]);
    expect(states(judged)).toEqual(['not there']);
    expect(other?.document.error?.code).toBe('copy-absent');
    expect(other?.names).toEqual([]);
    expect(states(lines[4])).toEqual(['not there']);
  });

  test('C41: a disk that is mounted read-only is not there', async () => {
    const place = createFaultPlace();
    const disk = addDisk(place);
    const next = stock.bring(place);
    next();
    const lines = await onDisks(
      place,
      disk,
      `mount -t tmpfs -o size=8m none "$DISK"
codex copy disk
codex run --trigger manual
mount -o remount,ro "$DISK"
codex copy disk
codex copies
codex list --copy disk
mount -o remount,rw "$DISK"
codex copy disk
codex copies`,
    );
    const [, , refused, judged, listed, done, after] = lines;
    expect(refused?.document.error).toMatchObject({
      code: 'copy-absent',
      message: expect.stringContaining('read-only'),
    });
    expect(states(judged)).toEqual(['not there']);
    expect(listed?.document['snapshots']).toHaveLength(1);
    expect(done?.document['copy']).toMatchObject({ snapshots: 2 });
    expect(states(after)).toEqual(['in step']);
  });
});
