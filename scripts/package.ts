// npm run package -- [--electron DIR] [--skip-build] [what electron-builder takes, such as --mac, --linux dir, --arm64]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const project = join(import.meta.dirname, '..');
const parameters = process.argv.slice(2);

/**
 * Changed fuses break the signature that Electron comes with, and Macs with an Apple processor then refuse to start it.
 * The one that this makes holds where there is no identity to sign with; else that signature replaces it.
 */
const signAnew = process.platform === 'darwin' ? ['--config.electronFuses.resetAdHocDarwinSignature=true'] : [];

process.exitCode = packageApp();

function packageApp(): number {
  const [, named] = takeOption('--electron', 2);
  const electron = named === undefined ? undefined : resolve(named);
  const isBuilt = takeOption('--skip-build', 1).length > 0;
  if (electron !== undefined && !existsSync(join(electron, 'version'))) {
    return fail(`${electron} is no Electron: there is no file "version" in it.`);
  }
  if (!isBuilt && run('npm', ['run', '--silent', 'build:app']) !== 0) {
    return fail('The app could not be built, so nothing was packaged.');
  }
  writeProgramPackage();
  const config = electron === undefined ? [...signAnew] : [...signAnew, `--config.electronDist=${electron}`];
  const builder = join(project, 'node_modules', 'electron-builder', 'cli.js');
  const code = run(process.execPath, [builder, ...parameters, ...config, '--publish', 'never']);
  if (code === 0 || electron !== undefined) return code;
  return fail(
    'Nothing was packaged. If the lines above tell of a download: the package needs the binary of Electron ' +
      `${electronVersion()}, which electron-builder fetches from github.com (or from ELECTRON_MIRROR). Where it can not ` +
      'be fetched, name a folder that holds it, unpacked: npm run package -- --electron DIR',
  );
}

/** What plain Node finds beside `program/out`: our name and version, and that its files are modules. */
function writeProgramPackage(): void {
  const { name, version, type } = readPackage(join(project, 'package.json'));
  const folder = join(project, 'dist', 'program');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name, version, type }, null, 2)}\n`);
}

function electronVersion(): string {
  return readPackage(join(project, 'node_modules', 'electron', 'package.json')).version;
}

function readPackage(file: string): { name: string; version: string; type?: string | undefined } {
  const schema = z.object({ name: z.string(), version: z.string(), type: z.string().optional() });
  return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Takes an option of ours out of the parameters, with its value; what is left is electron-builder's. */
function takeOption(name: string, length: number): readonly string[] {
  const index = parameters.indexOf(name);
  return index < 0 ? [] : parameters.splice(index, length);
}

function run(command: string, parameters: readonly string[]): number {
  const { status, error } = spawnSync(command, parameters, { cwd: project, stdio: 'inherit' });
  if (error !== undefined) process.stderr.write(`${command} could not be started: ${error.message}\n`);
  return status ?? 1;
}

function fail(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}
