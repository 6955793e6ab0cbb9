import { join, resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import { mergeConfig } from 'vite';
import { placeModules } from './bin/place-modules.js';
import renderer from './vite.config.ts';

/** Relative to the project; the tests build into a folder of their own. */
const out = process.env['CODEX_BACKUP_APP_OUT'] ?? 'out';

/** What has a binary stays where it is; Electron brings itself. All else is in the bundle. */
const external = ['better-sqlite3', 'electron', 'original-fs'];

/**
 * The menubar app, into `out/`: main, preload and renderer, and in `out/engine/` whatever is plain Node: the engine
 * process, what its threads and child processes begin with, the command line, and the pieces that they share.
 */
export default defineConfig({
  main: {
    plugins: [placeModules({ fileName: (name) => `engine/${name}.mjs`, staysHere: false })],
    build: {
      outDir: out,
      emptyOutDir: true,
      externalizeDeps: false,
      target: 'node24',
      reportCompressedSize: false,
      rolldownOptions: {
        external,
        input: {
          index: 'src/main/index.ts',
          'engine-process': 'src/engine-host/engine-process.ts',
          cli: 'bin/packaged-program.js',
        },
        output: {
          format: 'es',
          entryFileNames: ({ name }) => (name === 'index' ? 'main/index.js' : `engine/${name}.mjs`),
          chunkFileNames: 'engine/[name]-[hash].mjs',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: join(out, 'preload'),
      externalizeDeps: false,
      reportCompressedSize: false,
      rolldownOptions: {
        external: ['electron'],
        input: { index: 'src/preload/index.ts' },
        // A preload in the sandbox is no ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: mergeConfig(renderer, {
    build: {
      outDir: resolve(import.meta.dirname, out, 'renderer'),
      rolldownOptions: { input: 'src/renderer/index.html' },
    },
  }),
});
