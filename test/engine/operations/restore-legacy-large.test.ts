import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createBrain } from '../../helpers/brain.ts';
import { brainFile, type CodexPlace, createCodexPlace } from '../../helpers/codex-place.ts';
import { hashTree } from '../../helpers/hash-tree.ts';
import { takeLegacySnapshot } from '../../helpers/legacy-snapshot.ts';

const apart = ['backups'];
const services = ['brain', 'bridge', 'orchestrator', 'hands', 'voice', 'desktop', 'boot-manager'].map(
  (name) => `codex-${name}`,
);
const ledger = 'codex-hands/data/hands.sqlite';

/** As large as a real one and of its shape: 90 MB of modules with their links, secrets, logs, databases among the code. */
function createRealPlace(): { readonly place: CodexPlace; readonly id: string; readonly files: number } {
  const place = createCodexPlace();
  let files = 0;
  for (const service of services) {
    files += fillModules(join(place.root, service, 'node_modules'));
    place.write(`${service}/package.json`, JSON.stringify({ name: service, main: 'dist/index.js' }));
    for (let number = 0; number < 40; number += 1)
      place.write(`${service}/src/part-${number}.ts`, `export const n = ${number};\n`);
    place.write(`${service}/dist/index.js`, 'built then\n');
    place.write(`${service}/.env`, `TOKEN=${service}\n`);
    place.write(`${service}/service.log`, 'said then\n'.repeat(500));
  }
  mkdirSync(join(place.root, dirname(ledger)), { recursive: true });
  createBrain(join(place.root, ledger));
  // v1.5 copied while it was written to.
  writeFileSync(`${place.brain}-journal`, randomBytes(2048));
  const id = takeLegacySnapshot(place);
  rmSync(`${place.brain}-journal`);
  return { place, id, files };
}

function fillModules(modules: string): number {
  const code = randomBytes(9000).toString('base64');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  for (let number = 0; number < 80; number += 1) {
    const folder = join(modules, `package-${number}/lib`);
    mkdirSync(folder, { recursive: true });
    for (let file = 0; file < 10; file += 1) writeFileSync(join(folder, `${file}.js`), code.slice(number * file));
    symlinkSync(`../package-${number}/lib/0.js`, join(modules, `.bin/package-${number}`));
  }
  // What was compiled or packed does not compress.
  mkdirSync(join(modules, 'native/build/Release'), { recursive: true });
  writeFileSync(join(modules, 'native/build/Release/native.node'), randomBytes(12_800_000));
  symlinkSync('../../../packages/codex-shared', join(modules, 'native/shared'));
  symlinkSync('/usr/lib/node_modules/npm', join(modules, 'native/absolute'));
  return 80 * 10;
}

test('a v1.5 archive of 90 MB comes back: its code, and nothing of its modules, secrets, logs and databases', {
  timeout: 180_000,
}, async () => {
  const { place, id, files } = createRealPlace();
  const { root, write, engine } = place;
  expect(statSync(join(root, 'backups', id, 'codex-code.tar.gz')).size).toBeGreaterThan(90_000_000);
  expect(files).toBeGreaterThan(5000);
  const then = hashTree(root, apart);
  for (const service of services.slice(0, 3)) rmSync(join(root, service, 'src'), { recursive: true });
  write('codex-voice/src/part-7.ts', 'broken since\n');
  write('codex-voice/.env', 'TOKEN=newer\n');
  write('codex-voice/node_modules/package-1/lib/0.js', 'newer\n');
  rmSync(join(root, 'codex-desktop/node_modules'), { recursive: true });
  place.remember(7);
  const newer = hashTree(root, apart);
  const brainInode = statSync(place.brain).ino;

  const { plan } = await engine.restore(id, { scope: 'code', useServices: false });
  const removed = Object.keys(then).filter((path) => newer[path] === undefined && then[path]?.startsWith('file'));
  const back = removed.filter((path) => !path.includes('node_modules'));
  expect(back.length).toBeGreaterThan(3 * 40);
  expect(plan.code?.changes.map(({ path }) => path).toSorted()).toEqual(
    [...back, 'codex-voice/src/part-7.ts'].toSorted(),
  );
  const now = hashTree(root, apart);
  const isSource = (path: string): boolean => /^codex-[a-z-]+\/src\//.test(path);
  for (const path of Object.keys(then).filter(isSource)) expect(now[path], path).toBe(then[path]);
  for (const path of Object.keys(newer).filter((each) => !isSource(each))) expect(now[path], path).toBe(newer[path]);
  expect(Object.keys(now).filter((path) => newer[path] === undefined && then[path] === undefined)).toEqual([]);
  expect(statSync(place.brain).ino).toBe(brainInode);
  expect(place.events()).toBe(57);

  await engine.restore(id, { useServices: false });
  expect(place.events()).toBe(50);
  expect(hashTree(root, apart)[ledger]).toBe(newer[ledger]);

  const target = join(place.base, 'elsewhere');
  await engine.restoreInto(id, target);
  const built = Object.keys(hashTree(target));
  expect(built.filter(isSource)).toHaveLength(Object.keys(then).filter(isSource).length);
  expect(built.filter((path) => /node_modules|\.log$|\.env$|dist\//.test(path))).toEqual([]);
  expect(existsSync(join(target, brainFile))).toBe(true);
  expect(existsSync(join(target, `${brainFile}-journal`))).toBe(false);
});
