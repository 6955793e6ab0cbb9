import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { debuglog } from 'node:util';

/**
 * The command line, from a bundle of its sources where there is one: 250 modules take 0.1 s to find and read, a bundle
 * of them 0.03 s. The bundle lies in node_modules/.cache under a fingerprint of the sources, so that a changed source
 * is never overlooked. CODEX_BACKUP_BUNDLE=off runs the sources. See docs/decisions/0001-sources-run-directly.md.
 */
export async function openProgram() {
  if (process.env.CODEX_BACKUP_BUNDLE === 'off') {
    return { ...(await import('../src/cli/main.ts')), prepareNext: async () => undefined };
  }
  const project = fileURLToPath(new URL('..', import.meta.url));
  const cache = join(project, 'node_modules', '.cache', 'codex-backup');
  const folder = join(
    cache,
    fingerprint(project, ['src'], ['package.json', 'bin/open-program.js', 'bin/place-modules.js']),
  );
  const bundle = join(folder, 'main.mjs');
  if (existsSync(bundle)) {
    noteUse(folder);
    return { ...(await import(pathToFileURL(bundle).href)), prepareNext: async () => undefined };
  }
  const { main } = await import('../src/cli/main.ts');
  return { main, prepareNext: () => bundleProgram({ project, cache, folder }) };
}

/**
 * Changes when a source is added, removed or written.
 * @param {string} project @param {readonly string[]} folders @param {readonly string[]} files
 */
export function fingerprint(project, folders, files) {
  const hash = createHash('sha256').update(process.version);
  const sources = folders.flatMap((folder) => listSources(join(project, folder)));
  for (const path of [...sources, ...files.map((file) => join(project, file))]) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex').slice(0, 20);
}

function listSources(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? listSources(join(folder, entry.name)) : [join(folder, entry.name)]));
}

/** A bundle loads its pieces as they are needed, so one that may still be running must stay: it is dated by its use. */
const keptMs = 30 * 24 * 60 * 60 * 1000;

function noteUse(folder) {
  const now = new Date();
  try {
    if (now - statSync(folder).mtime > keptMs / 30) utimesSync(folder, now, now);
  } catch (error) {
    debuglog('codex-backup')('the bundle could not be dated: %s', error);
  }
}

function removeUnused(cache) {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    if (Date.now() - statSync(folder).mtimeMs > keptMs) rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes the bundle for the next start, and removes those that were not used for a month. Without the bundler, the sources go on running. */
async function bundleProgram({ project, cache, folder }) {
  const temporary = `${folder}-${process.pid}`;
  try {
    const [{ build }, { placeModules }] = await Promise.all([import('rolldown'), import('./place-modules.js')]);
    mkdirSync(cache, { recursive: true });
    await build({
      cwd: project,
      input: { main: 'src/cli/main.ts' },
      platform: 'node',
      logLevel: 'silent',
      // What has a binary stays where it is.
      external: ['better-sqlite3'],
      plugins: [placeModules({ fileName: (name) => `${name}.mjs`, staysHere: true })],
      // .mjs spares Node a look into each piece for what kind of module it is.
      output: { dir: temporary, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    });
    renameSync(temporary, folder);
    removeUnused(cache);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    debuglog('codex-backup')('no bundle was made: %s', error);
  }
}
