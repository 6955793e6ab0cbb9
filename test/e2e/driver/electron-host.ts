import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ElectronApplication, _electron as electron, type Page } from 'playwright-core';
import { type AppDriver, type AppHost, createRemoteDesktop, type LaunchOptions } from './app-driver.ts';
import type { DesktopOptions } from './desktop-record.ts';

/** The name of the desktop's record among the globals of main. */
const recordName = 'codexBackupDesktop';

/** The Electron of this project, or the one that CODEX_BACKUP_ELECTRON names; a reason where there is none. */
export function findElectronHost(): AppHost | { readonly reason: string } {
  const executable = findExecutable();
  if (executable === undefined) return { reason: 'the binary of Electron is not here' };
  if (process.platform === 'linux' && (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '') === '') {
    return { reason: 'Electron needs a display, and there is none' };
  }
  return { name: 'Electron', launch: (options) => launchOn(executable, options) };
}

async function launchOn(executablePath: string, { main, args = [], env, desktop }: LaunchOptions): Promise<AppDriver> {
  const folder = mkdtempSync(join(tmpdir(), 'codex-desktop-'));
  const script = writeRecordScript(folder, desktop ?? {});
  const parameters = ['-r', script, main, ...args];
  const app = await electron.launch({ executablePath, args: parameters, env: definedOnly(env) });
  const child = app.process();
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const ended = new Promise<Awaited<AppDriver['ended']>>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return {
    desktop: createRemoteDesktop((name, given) => askDesktop(app, name, given)),
    child,
    ended,
    written: () => text,
    page: (windowId) => findPage(app, windowId),
    dispose: async () => {
      if (child.exitCode === null && child.signalCode === null) await app.close();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Electron is unpacked beside its package, when it has been downloaded. */
function findExecutable(): string | undefined {
  const named = process.env['CODEX_BACKUP_ELECTRON'];
  if (named !== undefined) return existsSync(named) ? named : undefined;
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const note = join(folder, 'path.txt');
  if (!existsSync(note)) return undefined;
  const executable = join(folder, 'dist', readFileSync(note, 'utf8'));
  return existsSync(executable) ? executable : undefined;
}

/** A script that Electron requires before the app: the record, as it is in the stand-in. */
function writeRecordScript(folder: string, options: DesktopOptions): string {
  const source = stripTypeScriptTypes(readFileSync(join(import.meta.dirname, 'desktop.ts'), 'utf8'));
  const script = join(folder, 'record.cjs');
  const record = `recordDesktop(require('electron'), ${JSON.stringify(options)})`;
  writeFileSync(script, `${source.replaceAll(/^export (?=function)/gm, '')}\nglobalThis.${recordName} = ${record};\n`);
  return script;
}

function askDesktop(app: ElectronApplication, name: string, args: readonly unknown[]): Promise<unknown> {
  const asked = { recordName, name, args };
  return app.evaluate((_, { recordName: record, name: method, args: given }) => {
    const desktop = (globalThis as unknown as Record<string, Record<string, (...all: unknown[]) => unknown>>)[record];
    return desktop?.[method]?.(...given);
  }, asked);
}

async function findPage(app: ElectronApplication, windowId: number): Promise<Page> {
  for (;;) {
    for (const page of app.windows()) {
      const window = await app.browserWindow(page);
      if ((await window.evaluate(({ id }) => id)) === windowId) return page;
    }
    await app.waitForEvent('window');
  }
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
