import { basename, dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Calls that name the module which a thread or a child process begins with; see src/engine/platform/entry-module.ts. */
const entryCall = /\bentryModule\('([^']+)', import\.meta\.url\)/g;

/**
 * For a bundler: makes those modules pieces of the bundle, and has a source find other files, such as package.json,
 * where they lie from its own place. `place` says where that is once the bundle runs, as an expression.
 * @param {{ fileName: (name: string) => string, place: (id: string) => { url: string, folder: string } }} options
 */
export function placeModules({ fileName, place }) {
  return {
    name: 'place-modules',
    // Of vite: before it has rewritten the sources.
    enforce: 'pre',
    transform(code, id) {
      if (/node_modules|\0/.test(id) || !code.includes('import.meta.')) return null;
      for (const [, path] of code.matchAll(entryCall)) {
        this.emitFile({ type: 'chunk', id: join(dirname(id), `${path}.ts`), fileName: fileName(basename(path)) });
      }
      const { url, folder } = place(id);
      const placed = code
        .replaceAll(entryCall, "entryModule('$1', import.meta.bundle)")
        .replaceAll('import.meta.url', () => url)
        .replaceAll('import.meta.dirname', () => folder)
        .replaceAll('import.meta.bundle', 'import.meta.url');
      return { code: placed, map: null };
    },
  };
}

/** Where the source lies on this machine: for a bundle that stays beside its sources. */
export const placeOfSource = (id) => ({
  url: JSON.stringify(pathToFileURL(id).href),
  folder: JSON.stringify(dirname(id)),
});

/**
 * Where the source would lie if the sources were there: for a bundle that is taken elsewhere, two folders below what
 * stands for the project.
 * @param {string} project
 */
export const placeFromBundle = (project) => (id) => {
  const path = `../../${relative(project, id).split(sep).join('/')}`;
  const url = `new URL(${JSON.stringify(path)}, import.meta.bundle)`;
  const toPath = "process.getBuiltinModule('node:url').fileURLToPath";
  return { url: `${url}.href`, folder: `${toPath}(new URL('.', ${url}).href)` };
};
