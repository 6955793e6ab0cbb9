import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { launcher } from '../cli/support/spawn-cli.ts';
import { findNamespace } from '../faults/support/namespace.ts';
import { type CodexPlace, createCodexPlace } from '../helpers/codex-place.ts';
import { hashTree } from '../helpers/hash-tree.ts';
import { keepPlace } from '../helpers/keep-place.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const namespace = findNamespace();
const whyNoMount = namespace === undefined ? 'no file system can be mounted' : undefined;

interface Scene {
  readonly place: CodexPlace;
  readonly old: Readonly<Record<string, string>>;
  readonly restored: Readonly<Record<string, string>>;
}

const hash = (root: string) => hashTree(root, ['backups']);

/** A place with a snapshot and changes since, and what a restore makes of it. */
async function createScene(): Promise<Scene> {
  const place = createCodexPlace();
  const { root, write } = place;
  for (let number = 0; number < 30; number += 1)
    write(`codex-brain/src/part-${number}.js`, `export const n = ${number};\n`);
  await place.engine.run({ trigger: 'manual' });
  place.remember(7);
  for (let number = 0; number < 30; number += 1) write(`codex-brain/src/part-${number}.js`, 'changed since\n');
  unlinkSync(join(root, 'codex-brain/src/old.js'));
  rmSync(join(root, 'codex-voice'), { recursive: true });
  const old = hash(root);
  const reset = await keepPlace(place);
  await place.engine.restore('latest', { useServices: false });
  const restored = hash(root);
  reset();
  return { place, old, restored };
}

/**
 * Runs a shell script on a small disk that holds the whole place; `codex` is the command with `--json`. Afterwards the
 * Codex folder of that disk is in `after`, and what `codex` printed and ended with in the answer, one a line.
 */
function onSmallDisk({ base, root }: CodexPlace, script: string) {
  const folder = temporaryFolder();
  const [after, held] = [join(folder, 'after'), join(folder, 'held')];
  mkdirSync(join(folder, 'tmp'));
  const file = join(folder, 'script.sh');
  writeFileSync(
    file,
    `set -u
cp -a '${base}' '${folder}/copy' && mount -t tmpfs -o size=80m none '${base}' && cp -a '${folder}/copy/.' '${base}'
codex() {
  '${process.execPath}' '${launcher}' "$@" --json --root '${root}' 2>>'${folder}/stderr.txt' >'${folder}/out.txt'
  code=$?; printf '%s\\t' $code; cat '${folder}/out.txt'
}
fill() { cat /dev/zero > '${base}/filler' 2>/dev/null; df --output=avail '${base}' | tail -1 | tr -d ' ' > '${folder}/free.txt'; }
held() { while [ ! -e '${held}' ]; do sleep 0.05; done; }
HELD='${held}'
${script}
cp -a '${root}' '${after}'
`,
  );
  const [command = '', ...rest] = [...(namespace ?? []), 'sh', file];
  const env = { ...process.env, TMPDIR: join(folder, 'tmp'), CODEX_BACKUP_HOME: join(folder, 'home') };
  const { status, stdout, stderr } = spawnSync(command, rest, { env, encoding: 'utf8', timeout: 100_000 });
  expect(status, stderr).toBe(0);
  const endings = stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [code = '', document = ''] = line.split('\t');
      return { code: Number(code), document: JSON.parse(document) };
    });
  return { endings, after, folder };
}

describe.skipIf(whyNoMount)(`on a small disk${whyNoMount ? ` (${whyNoMount})` : ''}`, () => {
  test('F79: a restore that will not fit is refused before anything is stopped, and leaves nothing', async () => {
    const { place, old } = await createScene();
    const stopped = join(place.base, 'stopped');
    const { endings, after, folder } = onSmallDisk(
      place,
      `codex settings restore.stop '["touch","${stopped}"]' >/dev/null
head -c 60000000 /dev/zero > '${place.base}/filler'
codex restore latest --yes
ls -A '${place.base}/.Codex-restores' | grep '^restore-' > "$HELD.kept"
[ ! -e '${stopped}' ] || touch "$HELD.stopped"`,
    );
    expect(endings.map(({ code, document }) => [code, document.error.code])).toEqual([[1, 'low-space']]);
    expect(endings[0]?.document.error.message).toMatch(/needs .*, and \d.* are free/);
    expect(existsSync(join(folder, 'held.stopped'))).toBe(false);
    expect(readFileSync(join(folder, 'held.kept'), 'utf8')).toBe('');
    expect(hash(after)).toEqual(old);
  });

  test('a disk that gets full just before things are moved does not keep a restore from its end, or from going back', async () => {
    const { place, old, restored } = await createScene();
    const { endings, after, folder } = onSmallDisk(
      place,
      `export CODEX_BACKUP_FAIL_POINT="hold:restore:swap:begun:$HELD"
codex restore latest --no-services --yes &
held
fill
rm "$HELD"
wait
rm '${place.base}/filler'
codex recover`,
    );
    const [ended, recovered] = endings;
    expect([0, 6], JSON.stringify(ended)).toContain(ended?.code);
    expect(readFileSync(join(folder, 'free.txt'), 'utf8').trim(), 'the disk was not full').toBe('0');
    expect(recovered?.code).toBe(0);
    expect(hash(after)).toEqual(ended?.code === 0 ? restored : old);
  });
});
