import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { extractAll, extractFile, listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type CliPlace, createCliPlace } from '../cli/support/spawn-cli.ts';
import { standInHost } from '../e2e/driver/stand-in-host.ts';
import { createAppPlace } from '../e2e/support/app-place.ts';
import { untilReady } from '../e2e/support/app-windows.ts';
import { followPanel } from '../e2e/support/panel-process.ts';
import { createRecordingFpm, type DebContents } from './support/recording-fpm.ts';
import { filesIn, project, runPackager } from './support/run-packager.ts';
import { createLinuxElectron, createMacElectron, readFuses } from './support/stand-in-electron.ts';

// RunAsNode on; cookie encryption, NODE_OPTIONS and --inspect off; asar integrity and only the asar on; the rest of no
// use off; WasmTrapHandlers as it comes.
const wantedFuses = '100011001';

const isLinux = process.platform === 'linux';
const why = 'the packager signs and converts on a Mac, which a stand-in for Electron does not survive';

let folder: string;
let linux: string;
let mac: string;
let deb: DebContents;

beforeAll(async () => {
  if (!isLinux) return;
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'codex-package-test-'));
  const fpm = createRecordingFpm(join(folder, 'fpm'));
  const electron = createLinuxElectron(join(folder, 'electron'));
  const macElectron = createMacElectron(join(folder, 'mac-electron'));
  const output = join(folder, 'package');
  const linuxRun = await runPackager(output, ['--linux', 'deb', '--electron', electron], fpm.env);
  expect(linuxRun).toMatchObject({ code: 0 });
  rmSync(electron, { recursive: true });
  const macRun = await runPackager(output, ['--mac', 'dir', '--arm64', '--skip-build', '--electron', macElectron]);
  expect(macRun).toMatchObject({ code: 0 });
  linux = join(output, process.arch === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked');
  mac = join(output, 'mac-arm64/Codex Auto-Backup.app/Contents');
  deb = fpm.contents();
}, 300_000);
afterAll(() => {
  if (isLinux) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe.skipIf(!isLinux)(`the package for Linux (elsewhere: ${why})`, () => {
  const asar = () => join(linux, 'resources/app.asar');
  const program = () => join(linux, 'resources/program');

  test('has in its archive what Electron loads, and nothing else', () => {
    const entries = listPackage(asar(), { isPack: false }).map((path) => path.slice(1));
    expect(new Set(entries.map((path) => path.split('/')[0]))).toEqual(new Set(['assets', 'out', 'package.json']));
    const files = entries.filter((path) => posix.extname(path) !== '');
    expect(new Set(files.map((path) => posix.extname(path)))).toEqual(
      new Set(['.js', '.cjs', '.mjs', '.html', '.css', '.svg', '.png', '.json']),
    );
    expect(files).toEqual(
      expect.arrayContaining(['out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html']),
    );
    expect(files).toEqual(
      expect.arrayContaining(['assets/tray/protectedTemplate@2x.png', 'assets/tray/linux/running-8.png']),
    );
    expect(files.filter((path) => /test|\.svg$/.test(path) && path.startsWith('assets/'))).toEqual([]);
  });

  test('has all that main imports in that archive, and no native library among it', () => {
    const outside = new Set<string>();
    const seen = new Set<string>();
    const follow = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const wanted of importsOf(extractFile(asar(), path).toString())) {
        if (wanted.startsWith('.')) follow(posix.join(posix.dirname(path), wanted));
        else if (!wanted.startsWith('node:')) outside.add(wanted);
      }
    };
    follow('out/main/index.js');
    expect(seen.size).toBeGreaterThan(1);
    expect([...outside].sort()).toEqual(expect.arrayContaining(['electron']));
    expect([...outside]).not.toContain('better-sqlite3');
  });

  test('has beside it one native library, of this system, without its sources', () => {
    const files = filesIn(join(linux, 'resources'));
    expect(files.filter((path) => path.endsWith('.node'))).toEqual([
      `program/node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`,
    ]);
    expect(files.filter((path) => /\.(c|cc|cpp|h|hpp|gyp|gypi|ts|map|sh)$/.test(path))).toEqual([]);
    expect(filesIn(join(program(), 'node_modules')).every((path) => path.startsWith('better-sqlite3/'))).toBe(true);
  });

  test('has its fuses set, in the binary', () => {
    expect(readFuses(join(linux, 'codex-auto-backup'))).toBe(wantedFuses);
  });

  test('is small: what is not Electron has a few MB, and one language', () => {
    const sizes = filesIn(join(linux, 'resources')).map((path) => statSync(join(linux, 'resources', path)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(13_000_000);
    expect(filesIn(join(linux, 'locales'))).toEqual(['en-US.pak']);
  });

  test('is, as a .deb, found in the menu by its icon, and as a command on the PATH', () => {
    expect(deb.desktopEntry.split('\n')).toEqual(
      expect.arrayContaining([
        'Name=Codex Auto-Backup',
        'Exec="/opt/Codex Auto-Backup/codex-auto-backup" %U',
        'Icon=codex-auto-backup',
        'StartupWMClass=codex-auto-backup',
        'Terminal=false',
        'Categories=Utility;',
      ]),
    );
    expect(deb.files.get('/opt/Codex Auto-Backup')).toBe(`${linux}/`);
    expect(deb.files.get('/usr/share/icons/hicolor/512x512/apps/codex-auto-backup.png')).toContain('assets/app/icons');
    const command = join(project, deb.files.get('/usr/bin/codex-backup') ?? 'missing');
    expect(readFileSync(command, 'utf8')).toContain("exec '/opt/Codex Auto-Backup/resources/bin/codex-backup'");
    expect(statSync(command).mode & 0o777).toBe(0o755);
  });
});

describe.skipIf(!isLinux)('the packaged command line', () => {
  let place: CliPlace;
  let root: string;
  const command = () => join(linux, 'resources/bin/codex-backup');
  /** With next to nothing in its environment, as over SSH. */
  const call = (parameters: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
    const env = {
      PATH: '/usr/bin:/bin',
      HOME: place.folder,
      CODEX_BACKUP_HOME: join(place.folder, 'app'),
      ...environment,
    };
    const { status, stdout, stderr } = spawnSync(command(), parameters, { cwd: place.folder, encoding: 'utf8', env });
    return { status, stdout, stderr };
  };
  const json = (...parameters: string[]) => JSON.parse(call([...parameters, '--root', root, '--json']).stdout);

  beforeAll(() => {
    place = createCliPlace();
    root = join(place.folder, 'Codex');
    expect(call(['sample', root])).toMatchObject({ status: 0 });
  });
  afterAll(() => place.dispose());

  test('tells the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    expect(call(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
    expect(call(['--version'], { NODE_OPTIONS: '--require /there/is/no/such/file.js' })).toMatchObject({ status: 0 });
  });

  test('takes, lists and verifies a snapshot, in threads and processes of its own', () => {
    expect(json('run')).toMatchObject({ ok: true, snapshot: { status: 'verified', brain: { integrity: 'ok' } } });
    const { snapshots } = json('list');
    expect(snapshots).toHaveLength(1);
    expect(json('verify').results).toEqual([expect.objectContaining({ status: 'verified', problems: [] })]);
    expect(call(['files', 'latest', '--root', root]).stdout).toContain('codex-brain');
  });

  test('takes a snapshot of a sample, whose files it brings along', () => {
    const sample = call(['run', '--sample', '--json'], { TMPDIR: place.folder });
    expect(JSON.parse(sample.stdout)).toMatchObject({ ok: true, snapshot: { status: 'verified' } });
  });

  test('is found through links, and ends as the program does', () => {
    mkdirSync(join(place.folder, 'links'));
    symlinkSync(command(), join(place.folder, 'links/first'));
    symlinkSync('first', join(place.folder, 'links/codex-backup'));
    const options = {
      encoding: 'utf8',
      env: { PATH: `${place.folder}/links:/usr/bin:/bin`, HOME: place.folder },
    } as const;
    expect(spawnSync('codex-backup', ['--version'], options)).toMatchObject({ status: 0, stderr: '' });
    const missing = join(place.folder, 'missing');
    expect(spawnSync('codex-backup', ['run', '--root', missing], options)).toMatchObject({ status: 5 });
  });

  test('is what a linked Codex starts from then on', () => {
    expect(call(['link', '--root', root])).toMatchObject({ status: 0 });
    const script = readFileSync(join(root, 'scripts/codexAutoBackup.js'), 'utf8');
    expect(script).toContain(`const program = [${JSON.stringify(command())}];`);
    const before = json('list').snapshots.length;
    const linked = spawnSync(process.execPath, ['scripts/codexAutoBackup.js'], { cwd: root, env: place.env });
    expect(linked.status).toBe(0);
    expect(json('list').snapshots).toHaveLength(before + 1);
  });

  test('serves the pages of the package to a browser, until it is interrupted', async () => {
    const parameters = ['panel', '--no-open', '--root', root];
    const panel = await followPanel(spawn(command(), parameters, { env: { ...place.env, HOME: place.folder } }));
    const page = await fetch(panel.origin);
    expect(await page.text()).toBe(
      extractFile(join(linux, 'resources/app.asar'), 'out/renderer/index.html').toString(),
    );
    // The signal has reached the program itself, which ends cleanly.
    expect(await panel.end()).toBe(0);
    expect(panel.written()).toContain('The panel has ended.');
  });
});

describe.skipIf(!isLinux)('the packaged app, its archive unpacked and run by the stand-in for Electron', () => {
  test('takes a snapshot from its menu, by the engine beside the archive, and the packaged command lists it', async () => {
    const run = join(folder, 'run');
    extractAll(join(linux, 'resources/app.asar'), join(run, 'app.asar'));
    symlinkSync(join(linux, 'resources/program'), join(run, 'program'));
    const place = await createAppPlace(standInHost);
    onTestFinished(() => place.dispose());
    const app = await standInHost.launch({
      main: join(run, 'app.asar/out/main/index.js'),
      args: ['--hidden'],
      env: place.env,
    });
    onTestFinished(() => app.dispose());
    await untilReady(app);
    await app.desktop.choose('back-up');
    const list = () => {
      const command = join(linux, 'resources/bin/codex-backup');
      const { stdout } = spawnSync(command, ['list', '--root', place.root, '--json'], {
        encoding: 'utf8',
        env: place.env,
      });
      return JSON.parse(stdout).snapshots;
    };
    await expect.poll(list, { timeout: 30_000 }).toMatchObject([{ trigger: 'manual', status: 'verified' }]);
    expect(
      (await app.desktop.tray())?.images.every((image) => image.startsWith(join(run, 'app.asar/assets/tray'))),
    ).toBe(true);
  }, 60_000);
});

describe.skipIf(!isLinux)('the package for macOS', () => {
  test('is an app of the menu bar, which says what it wants of the system', () => {
    const info = readFileSync(join(mac, 'Info.plist'), 'utf8');
    expect(info).toMatch(/<key>LSUIElement<\/key>\s*<true\/>/);
    expect(info).toMatch(/<key>LSMinimumSystemVersion<\/key>\s*<string>13\.0</);
    expect(info).toContain('<string>public.app-category.utilities</string>');
    for (const place of ['DesktopFolder', 'DocumentsFolder', 'DownloadsFolder', 'RemovableVolumes', 'NetworkVolumes']) {
      expect(info).toContain(`<key>NS${place}UsageDescription</key>`);
    }
    expect(info).toMatch(/<key>ElectronAsarIntegrity<\/key>[\s\S]*<key>Resources\/app\.asar<\/key>/);
  });

  test('has the library of its processor, the command, and the icon', () => {
    const files = filesIn(join(mac, 'Resources'));
    expect(files.filter((path) => path.endsWith('.node'))).toEqual([
      'program/node_modules/better-sqlite3/prebuilds/darwin-arm64.node',
    ]);
    expect(files).toEqual(expect.arrayContaining(['app.asar', 'icon.icns', 'program/out/engine/cli.mjs']));
    expect(statSync(join(mac, 'Resources/bin/codex-backup')).mode & 0o777).toBe(0o755);
    expect(files.filter((path) => path.startsWith('de.lproj'))).toEqual([]);
  });

  test('has its fuses set, where macOS has them', () => {
    expect(readFuses(join(mac, 'Frameworks/Electron Framework.framework/Electron Framework'))).toBe(wantedFuses);
  });
});

/** The modules that a bundle names, now or later. */
function importsOf(code: string): readonly string[] {
  const names = code.matchAll(
    /\bfrom\s*["']([^"'\n]+)["'];|\bimport\s*["']([^"'\n]+)["'];|\bimport\(\s*["']([^"'\n]+)["']\s*\)/g,
  );
  return [...names].flatMap(([, from, bare, later]) => from ?? bare ?? later ?? []);
}
