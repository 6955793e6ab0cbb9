import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { getElectron } from '../../scripts/start/get-electron.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** A project with an Electron package whose installer does what a test says. */
function makeProject(install: string): { readonly project: string; readonly package: string } {
  const project = temporaryFolder();
  const folder = join(project, 'node_modules', 'electron');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"version":"45.5.0"}');
  writeFileSync(join(folder, 'install.js'), install);
  return { project, package: folder };
}

const installs = `
  const { mkdirSync, writeFileSync } = require('node:fs');
  const { join } = require('node:path');
  mkdirSync(join(__dirname, 'dist'));
  writeFileSync(join(__dirname, 'dist', 'electron'), '');
  writeFileSync(join(__dirname, 'path.txt'), 'electron');
`;

/** For a server that is there: a machine that pauses must not look like a network that is away. */
const askMs = 60_000;

async function startServer(): Promise<string> {
  const server = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/electron/`;
}

describe('the binary of Electron', () => {
  test('is found where it was downloaded before, without a word', async () => {
    const { project, package: folder } = makeProject('process.exit(1)');
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist', 'electron'), '');
    writeFileSync(join(folder, 'path.txt'), 'electron');
    const said: string[] = [];
    const found = await getElectron({ project, env: {}, say: (line) => said.push(line) });
    expect(found).toEqual({ binary: join(folder, 'dist', 'electron') });
    expect(said).toEqual([]);
  });

  test('is downloaded at the first use, which is said', async () => {
    const { project, package: folder } = makeProject(installs);
    const mirror = await startServer();
    const said: string[] = [];
    const found = await getElectron({
      project,
      env: { ELECTRON_MIRROR: mirror },
      say: (line) => said.push(line),
      askMs,
    });
    expect(found).toEqual({ binary: join(folder, 'dist', 'electron') });
    expect(said).toEqual([`Downloading Electron 45.5.0 from ${new URL(mirror).origin} (about 120 MB, once) …`]);
  });

  test('is not waited for where nobody answers', async () => {
    const { project } = makeProject(installs);
    const env = { ELECTRON_MIRROR: 'http://127.0.0.1:1/' };
    const found = await getElectron({ project, env, say: () => undefined });
    expect(found).toEqual({
      reason: 'Electron has to be downloaded once, and http://127.0.0.1:1 can not be reached',
    });
  });

  test('is given up when the download fails or takes too long, with the reason', async () => {
    const env = { ELECTRON_MIRROR: await startServer() };
    const failing = makeProject("process.stderr.write('HTTPError: 404 not found\\n  at x'); process.exit(1)");
    const failed = await getElectron({ project: failing.project, env, say: () => undefined, askMs });
    expect(failed).toEqual({ reason: 'Electron could not be downloaded: HTTPError: 404 not found' });
    const hanging = makeProject('setInterval(() => undefined, 1000)');
    const late = await getElectron({ project: hanging.project, env, say: () => undefined, askMs, downloadMs: 200 });
    expect(late).toMatchObject({ reason: expect.stringContaining('it took longer than') });
  });

  test('is the one that a variable names', async () => {
    const { project } = makeProject(installs);
    const binary = join(project, 'my-electron');
    const ask = () => getElectron({ project, env: { CODEX_BACKUP_ELECTRON: binary }, say: () => undefined });
    expect(await ask()).toEqual({ reason: `there is no ${binary}` });
    writeFileSync(binary, '');
    expect(await ask()).toEqual({ binary });
  });
});
