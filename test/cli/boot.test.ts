import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../helpers/test-app.ts';
import { type CliPlace, createCliPlace, endingOf } from './support/spawn-cli.ts';

let place: CliPlace;
let root: string;
let app: TestApp;

beforeEach(async () => {
  place = createCliPlace();
  root = join(place.folder, 'Codex');
  const home = join(place.folder, 'app');
  mkdirSync(home, { mode: 0o700 });
  app = createTestApp(home);
  expect(await place.run(['sample', root])).toMatchObject({ code: 0 });
  expect(await place.run(['link', '--root', root])).toMatchObject({ code: 0 });
});
afterEach(() => {
  app.end();
  place.dispose();
});

/** As the Boot Manager calls at the end of a boot: from its own folder, the root as the script's working folder. */
function boot() {
  const bootManager = `
    const { spawn } = require('node:child_process');
    const options = { cwd: ${JSON.stringify(root)}, stdio: 'inherit' };
    spawn(process.execPath, ['scripts/codexAutoBackup.js'], options).on('exit', (code) => process.exit(code));`;
  const child = spawn(process.execPath, ['-e', bootManager], {
    cwd: join(root, 'codex-boot-manager'),
    env: { ...place.env, DISPLAY: ':0' },
  });
  return endingOf(child);
}

async function triggers(): Promise<readonly unknown[]> {
  const { document } = await place.json(['list', '--root', root]);
  const snapshots = document['snapshots'] as readonly { readonly trigger: string }[];
  return snapshots.map(({ trigger }) => trigger);
}

describe('a boot of a linked Codex', () => {
  it('is one snapshot, and opens the app that does not run, after it; the next boot opens none', async () => {
    app.record();
    expect(await boot()).toMatchObject({ code: 0 });
    const [start] = await app.starts(1);
    expect(start?.parameters).toEqual(['--kept', '--hidden']);
    expect(await triggers()).toEqual(['boot']);

    expect(await boot()).toMatchObject({ code: 0 });
    expect(await triggers()).toEqual(['boot', 'boot']);
    expect(await app.starts(1)).toHaveLength(1);
  });

  it('opens the app when its snapshot fails too', async () => {
    app.record();
    rmSync(join(root, 'codex-brain/codex-brain-data/codex-brain.db'));
    const { code, err } = await boot();
    expect(err).toContain('codex-brain.db');
    expect(code).toBe(5);
    expect(await triggers()).toEqual([]);
    expect(await app.starts(1)).toHaveLength(1);
  });

  it('says that the app can not be opened, and ends as its snapshot did', async () => {
    app.record({ executable: join(root, 'package.json') });
    const { code, err } = await boot();
    expect(err).toContain('The menubar app could not be opened');
    expect(code).toBe(0);
  });
});
