import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join } from 'node:path';
import { Script } from 'node:vm';
import type { WebPreferences } from 'electron';

/** The world of the preloads, and the two names that it has more than any other. */
export const preloadWorld = 'Electron Isolated Context';
export const postBinding = '__electronHostPost';
export const receiveFunction = '__electronHostReceive';

/** What runs in each document of a window before its own scripts. */
export interface PageScript {
  readonly source: string;
  readonly worldName?: string;
}

/** Only main frames have a preload. */
export function createPageScripts({ preload }: WebPreferences, secret: string): PageScript[] {
  const link = `(() => { ${readPageSource('world-link.ts')}; return createWorldLink; })()`;
  const host = `(() => { ${readPageSource('preload-host.ts')}; return createPreloadHost; })()`;
  const versions = JSON.stringify({
    platform: process.platform,
    arch: process.arch,
    versions: { ...process.versions },
  });
  const preloadSource = `
    if (window === window.top) {
      const host = (${host})((${link})('preload', ${JSON.stringify(secret)}), globalThis.${postBinding}, ${versions});
      globalThis.${receiveFunction} = (text) => host.receive(text);
      ${preload === undefined ? '' : `host.run(${JSON.stringify(preload)}, ${readPreload(preload)});`}
    }`;
  return [
    { source: `if (window === window.top) (${link})('page', ${JSON.stringify(secret)});` },
    { source: preloadSource, worldName: preloadWorld },
  ];
}

/** Windows of another kind than the app's promise are refused. */
export function checkPreferences(preferences: WebPreferences): void {
  const { contextIsolation, nodeIntegration, sandbox, webSecurity, webviewTag } = preferences;
  const isOpen = contextIsolation === false || sandbox === false || webSecurity === false;
  if (isOpen || nodeIntegration === true || webviewTag === true) {
    throw new Error('The stand-in for Electron has no windows but sandboxed and isolated ones.');
  }
}

function readPageSource(name: string): string {
  const text = readFileSync(join(import.meta.dirname, 'page', name), 'utf8');
  return stripTypeScriptTypes(text).replaceAll(/^export (?=function)/gm, '');
}

/** A sandboxed preload is a script: an ES module can't be one, in Electron neither. */
function readPreload(file: string): string {
  if (extname(file) === '.mjs') throw new SyntaxError(`Cannot use import statement outside a module: ${file}`);
  const body = `(function (require, process, global, module, exports) {${readFileSync(file, 'utf8')}\n})`;
  new Script(body, { filename: file });
  return body;
}
