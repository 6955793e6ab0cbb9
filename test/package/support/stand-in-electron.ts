import { appendFileSync, chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const electronPackage = join(import.meta.dirname, '../../../node_modules/electron/package.json');

/**
 * How Electron carries its fuses: a mark, their version, how many there are, and a letter for each. These are those of
 * Electron 45 as it comes, in the order of `@electron/fuses`; the packager has to find and change them.
 */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fusesAsTheyCome = '101100011';

/** A folder as Electron's for Linux, whose binary is a real Node: what the package starts of itself really runs. */
export function createLinuxElectron(folder: string): string {
  writeFile(join(folder, 'locales/en-US.pak'));
  writeFile(join(folder, 'locales/de.pak'));
  writeFile(join(folder, 'version'), electronVersion());
  copyFileSync(process.execPath, join(folder, 'electron'));
  appendFileSync(join(folder, 'electron'), fuses());
  chmodSync(join(folder, 'electron'), 0o755);
  return folder;
}

/** A folder as Electron's for macOS, of which nothing runs. */
export function createMacElectron(folder: string): string {
  const contents = join(folder, 'Electron.app/Contents');
  const framework = join(contents, 'Frameworks/Electron Framework.framework');
  writeFile(join(folder, 'version'), electronVersion());
  writeFile(join(contents, 'MacOS/Electron'), 'stand-in');
  writeFile(join(contents, 'Info.plist'), plist('Electron'));
  for (const place of [join(contents, 'Resources'), join(framework, 'Versions/A/Resources')]) {
    for (const language of ['en', 'de']) writeFile(join(place, `${language}.lproj/locale.pak`));
  }
  writeFile(join(framework, 'Electron Framework'), fuses());
  for (const kind of ['', ' (GPU)', ' (Plugin)', ' (Renderer)']) {
    const helper = join(contents, `Frameworks/Electron Helper${kind}.app/Contents`);
    writeFile(join(helper, 'Info.plist'), plist(`Electron Helper${kind}`));
    writeFile(join(helper, `MacOS/Electron Helper${kind}`), 'stand-in');
  }
  return folder;
}

/** The letter of each fuse of a packaged binary. */
export function readFuses(binary: string): string {
  const content = readFileSync(binary);
  const start = content.lastIndexOf(fuseMark) + fuseMark.length;
  const count = content[start + 1] ?? 0;
  return content.subarray(start + 2, start + 2 + count).toString('latin1');
}

function fuses(): Buffer {
  const head = Buffer.from([1, fusesAsTheyCome.length]);
  return Buffer.concat([Buffer.from(fuseMark), head, Buffer.from(fusesAsTheyCome)]);
}

function electronVersion(): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(electronPackage, 'utf8'))).version;
}

function plist(name: string): string {
  const entries = ['Executable', 'Name', 'Identifier'].map(
    (key) => `<key>CFBundle${key}</key><string>${name}</string>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>${entries.join('')}</dict></plist>`;
}

function writeFile(path: string, content: string | Buffer = ''): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
