import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brainFile, type CodexPlace, createCodexPlace } from '../../helpers/codex-place.ts';
import { hashTree } from '../../helpers/hash-tree.ts';
import { takeLegacySnapshot } from '../../helpers/legacy-snapshot.ts';

const withoutServices = { useServices: false } as const;
const apart = ['backups'];
const data = 'codex-brain/codex-brain-data';

/** As a real one: modules with links to their programs, built files, a log, and a Brain among the code. */
function createOldPlace(): { readonly place: CodexPlace; readonly id: string } {
  const place = createCodexPlace();
  const { root, write } = place;
  const modules = join(root, 'codex-brain/node_modules');
  mkdirSync(join(modules, '.bin'));
  symlinkSync('../dep/index.js', join(modules, '.bin/dep'));
  symlinkSync('/usr/bin/env', join(modules, '.bin/absolute'));
  // It does not compress, as most of a real archive does not.
  writeFileSync(join(modules, 'dep/large.node'), randomBytes(4_000_000));
  write('codex-brain/dist/index.js', 'built then\n');
  write('codex-voice/voice.log', 'said then\n');
  write(`${data}/notes.txt`, 'ignored by the root, and archived all the same\n');
  const id = takeLegacySnapshot(place);
  expect(statSync(join(root, 'backups', id, 'codex-code.tar.gz')).size).toBeGreaterThan(4_000_000);
  return { place, id };
}

/** What happens to a Codex after a snapshot. */
function liveOn({ root, write, remember }: CodexPlace): void {
  write('codex-brain/src/brain.js', 'export const brain = ;\n');
  write('codex-brain/src/new.js', 'made since\n');
  unlinkSync(join(root, 'codex-brain/src/old.js'));
  rmSync(join(root, 'codex-voice'), { recursive: true });
  write('codex-brain/node_modules/dep/index.js', 'module.exports = 2;\n');
  write('codex-brain/dist/index.js', 'built since\n');
  write('codex-brain/.env', 'TOKEN=newer\n');
  write(`${data}/notes.txt`, 'written since\n');
  write('codex-hands/package.json', '{"name":"codex-hands"}');
  remember(7);
}

test('a v1.5 snapshot comes back into its place: its code and its Brain, and nothing of what no snapshot covers', async () => {
  const { place, id } = createOldPlace();
  const then = hashTree(place.root, apart);
  liveOn(place);
  const newer = hashTree(place.root, apart);
  const report = await place.engine.restore(id, withoutServices);
  expect(place.events()).toBe(50);
  const now = hashTree(place.root, apart);
  for (const path of ['codex-brain/src/brain.js', 'codex-brain/src/old.js', 'codex-voice/src/current.js']) {
    expect(now[path], path).toBe(then[path]);
  }
  expect(now['codex-voice/src/run.sh']).toBe(then['codex-voice/src/run.sh']);
  expect(existsSync(join(place.root, 'codex-brain/src/new.js'))).toBe(false);
  expect(existsSync(join(place.root, 'codex-voice/voice.log'))).toBe(false);
  const uncovered = ['codex-brain/node_modules', 'codex-brain/dist', 'codex-brain/.env', `${data}/notes.txt`, 'notes'];
  const kept = Object.keys(newer).filter((path) => uncovered.some((each) => path.startsWith(each)));
  expect(kept.length).toBeGreaterThan(8);
  for (const path of kept) expect(now[path], path).toBe(newer[path]);
  // A service that the archive holds nothing of was not covered by it.
  expect(existsSync(join(place.root, 'codex-hands/package.json'))).toBe(true);
  expect(report.warnings.map(({ code }) => code)).toContain('snapshot-not-verified');
  await place.engine.undo(withoutServices);
  expect(hashTree(place.root, apart)).toEqual(newer);
});

test('the code of a v1.5 snapshot comes back without its Brain: the live one is not touched', async () => {
  const { place, id } = createOldPlace();
  liveOn(place);
  const before = hashTree(join(place.root, data));
  const inode = statSync(place.brain).ino;
  await place.engine.restore(id, { ...withoutServices, scope: 'code' });
  expect(hashTree(join(place.root, data))).toEqual(before);
  expect(statSync(place.brain).ino).toBe(inode);
  expect(place.events()).toBe(57);
  expect(readFileSync(join(place.root, 'codex-brain/src/brain.js'), 'utf8')).toContain('brain = 1');
});

test('the Brain of a v1.5 snapshot comes back alone, and its plan counts the rows of both', async () => {
  const { place, id } = createOldPlace();
  liveOn(place);
  const code = hashTree(place.root, [...apart, data]);
  const plan = await place.engine.planRestore(id, { ...withoutServices, scope: 'brain' });
  const events = plan.databases[0]?.tables.find(({ name }) => name === 'events');
  expect(events).toMatchObject({ rowsNow: 57, rowsThen: 50, rowsLost: 7 });
  expect(plan.databases[0]?.path).toBe(brainFile);
  await place.engine.restore(id, { ...withoutServices, scope: 'brain' });
  expect(place.events()).toBe(50);
  expect(hashTree(place.root, [...apart, data])).toEqual(code);
});

test('E70, E71: links of a v1.5 snapshot that lead out are named in its plan, and what lies there stays', async () => {
  const place = createCodexPlace();
  const { root, base, write } = place;
  write('canary.txt', 'stays');
  symlinkSync(base, join(root, 'codex-voice/out'));
  const id = takeLegacySnapshot(place);
  unlinkSync(join(root, 'codex-voice/out'));
  write('codex-voice/out', 'a file of mine\n');
  write('codex-voice/src/voice.js', 'changed\n');
  const { warnings, code } = await place.engine.planRestore(id, { ...withoutServices, scope: 'code' });
  expect(warnings.map(({ message }) => message).join('\n')).toContain('codex-voice/out was left out');
  expect(code?.changes.map(({ path }) => path)).toEqual(['codex-voice/src/voice.js']);
  await place.engine.restore(id, { ...withoutServices, scope: 'code' });
  expect(readFileSync(join(root, 'codex-voice/out'), 'utf8')).toBe('a file of mine\n');
  expect(readFileSync(join(root, 'codex-voice/src/voice.js'), 'utf8')).toContain('voice = 1');
});

test('E70: nothing of a v1.5 snapshot comes in through a link of today that no rule covers', async () => {
  const place = createCodexPlace();
  const { root, base, write } = place;
  write('codex-voice/data/file.txt', 'archived\n');
  const id = takeLegacySnapshot(place);
  rmSync(join(root, 'codex-voice/data'), { recursive: true });
  const outside = join(base, 'outside');
  mkdirSync(outside);
  symlinkSync(outside, join(root, 'codex-voice/data'));
  write('codex-voice/.gitignore', 'data\n');
  write('codex-voice/src/voice.js', 'changed\n');
  const { warnings } = await place.engine.restore(id, { ...withoutServices, scope: 'code' });
  expect(readdirSync(outside)).toEqual([]);
  expect(readlinkSync(join(root, 'codex-voice/data'))).toBe(outside);
  expect(warnings.map(({ message }) => message).join('\n')).toContain('codex-voice/data');
  expect(readFileSync(join(root, 'codex-voice/src/voice.js'), 'utf8')).toContain('voice = 1');
});

test('a v1.5 snapshot with a damaged Brain says so in its plan, and one that is no database is refused', async () => {
  const { place, id } = createOldPlace();
  const copy = join(place.root, 'backups', id, 'codex-brain.db');
  const bytes = readFileSync(copy);
  writeFileSync(copy, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0xff)]));
  const { warnings } = await place.engine.planRestore(id, { ...withoutServices, scope: 'brain' });
  expect(warnings.map((warning) => warning.code)).toContain('database-corrupt');
  writeFileSync(copy, 'no database at all');
  const before = hashTree(place.root, apart);
  const refused = place.engine.restore(id, { ...withoutServices, scope: 'brain' });
  await expect(refused).rejects.toMatchObject({ code: 'snapshot-damaged' });
  expect(hashTree(place.root, apart)).toEqual(before);
});

test('a v1.5 snapshot is refused for a fresh root, because it holds too little for one', async () => {
  const { place, id } = createOldPlace();
  const refused = place.engine.restore(id, { ...withoutServices, scope: 'full' });
  await expect(refused).rejects.toMatchObject({ code: 'restore-refused', hint: expect.stringContaining('--to') });
});
