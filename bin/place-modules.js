import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Calls that name the module which a thread or a child process begins with; see src/engine/platform/entry-module.ts. */
const entryCall = /\bentryModule\('([^']+)', import\.meta\.url\)/g;

/**
 * For a bundler: makes those modules pieces of the bundle. With `staysHere`, whatever else a source finds from its own
 * place is found there by the bundle too.
 * @param {{ fileName: (name: string) => string, staysHere: boolean }} options
 */
export function placeModules({ fileName, staysHere }) {
  return {
    name: 'place-modules',
    // Of vite: before it has rewritten the sources.
    enforce: 'pre',
    transform(code, id) {
      if (/node_modules|\0/.test(id) || !code.includes('import.meta.')) return null;
      for (const [, path] of code.matchAll(entryCall)) {
        this.emitFile({ type: 'chunk', id: join(dirname(id), `${path}.ts`), fileName: fileName(basename(path)) });
      }
      if (!staysHere) return null;
      const placed = code
        .replaceAll(entryCall, "entryModule('$1', import.meta.bundle)")
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)))
        .replaceAll('import.meta.bundle', 'import.meta.url');
      return { code: placed, map: null };
    },
  };
}
