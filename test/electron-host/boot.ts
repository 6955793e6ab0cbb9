// node boot.ts out/main/index.js …: runs the main process of an app, with the stand-in wherever it asks for Electron.
import { readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const standIn = pathToFileURL(join(import.meta.dirname, 'electron.ts')).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier === 'electron/main'
      ? { url: standIn, shortCircuit: true }
      : next(specifier, context),
});
process.argv.splice(1, 1);
const packageFile = createRequire(import.meta.url).resolve('electron/package.json');
const { version }: { version: string } = JSON.parse(readFileSync(packageFile, 'utf8'));
Object.defineProperties(process, {
  versions: { value: { ...process.versions, electron: version, chrome: 'stand-in' } },
  type: { value: 'browser' },
  // An archive that was unpacked under its own name is a packaged app, as for Electron the archive is.
  resourcesPath: { value: /^(.*)\/app\.asar\//.exec(resolve(process.argv[1] ?? ''))?.[1] ?? process.cwd() },
});
const { listenToTests } = await import('./control.ts');
listenToTests();
const { app } = await import('./app.ts');
// As in Electron, where a module that waits for it at its top level waits for ever.
const patience = setTimeout(
  () => console.error('The main module has not run to its end in 10 s: it never will.'),
  10_000,
);
await import(pathToFileURL(resolve(process.argv[1] ?? '')).href);
clearTimeout(patience);
app.begin();
