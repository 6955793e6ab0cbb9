import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkCodex } from '../../../src/engine/link/link.ts';
import { readLinkState } from '../../../src/engine/link/read-link-state.ts';
import { unlinkCodex } from '../../../src/engine/link/unlink.ts';
import { createRecordingCli } from '../../helpers/recording-cli.ts';

const nodePath = process.execPath;
const linkModule = new URL('../../../src/engine/link/link.ts', import.meta.url).href;
const original = "// v1.5\r\nconsole.log('old');\n\u0000";

let folder: string;
let root: string;
let script: string;
let kept: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'link-test-'));
  root = join(folder, 'Codex "it\'s" $(mine)');
  mkdirSync(join(root, 'scripts'), { recursive: true });
  script = join(root, 'scripts', 'codexAutoBackup.js');
  kept = `${script}.before-codex-backup`;
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(script, original);
  chmodSync(script, 0o755);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const scripts = () => readdirSync(join(root, 'scripts')).sort();
const runScript = (...parameters: string[]) =>
  spawnSync(nodePath, ['scripts/codexAutoBackup.js', ...parameters], { cwd: root, encoding: 'utf8' });

describe('linkCodex', () => {
  it('puts a script there that hands over to us, and keeps the old one', () => {
    const cli = createRecordingCli(folder, 3);
    expect(linkCodex({ root, nodePath, cliPath: cli.path })).toEqual({ script, state: 'linked', kept });
    expect(readFileSync(kept, 'utf8')).toBe(original);
    expect(statSync(script).mode & 0o777).toBe(0o755);

    const { status, stdout } = runScript('--json');
    expect(status).toBe(3);
    expect(stdout).toBe('recorded\n');
    const [call] = cli.calls();
    expect(call?.parameters).toEqual(['run', '--root', root, '--json']);
    expect(call?.environment['CODEX_BACKUP_CALLER_PID']).toBe(String(process.pid));
  });

  it('says so when it is done twice, and changes nothing', () => {
    const { path: cliPath } = createRecordingCli(folder, 0);
    linkCodex({ root, nodePath, cliPath });
    const before = statSync(script, { bigint: true });
    expect(linkCodex({ root, nodePath, cliPath })).toEqual({ script, state: 'already-linked', kept });
    expect(statSync(script, { bigint: true }).mtimeNs).toBe(before.mtimeNs);
    expect(scripts()).toEqual(['codexAutoBackup.js', 'codexAutoBackup.js.before-codex-backup']);
  });

  it('refreshes the paths when our program has moved', () => {
    linkCodex({ root, nodePath, cliPath: join(folder, 'gone', 'cli.mjs') });
    expect(readLinkState(root)).toMatchObject({ kind: 'linked', missing: join(folder, 'gone', 'cli.mjs') });
    const cli = createRecordingCli(folder, 0);
    expect(linkCodex({ root, nodePath, cliPath: cli.path })).toMatchObject({ state: 'refreshed', kept });
    expect(readLinkState(root)).toMatchObject({ kind: 'linked', missing: null });
    expect(runScript().status).toBe(0);
    expect(readFileSync(kept, 'utf8')).toBe(original);
  });

  it('links a packaged program, which needs no Node', () => {
    const program = join(folder, 'Codex Auto-Backup');
    writeFileSync(program, '#!/bin/sh\necho "$@"\nexit 4\n');
    chmodSync(program, 0o755);
    linkCodex({ root, nodePath: program });
    expect(runScript()).toMatchObject({ status: 4, stdout: `run --root ${root}\n` });
  });

  it('runs as CommonJS too, and without options that are meant for the Node of Codex', () => {
    writeFileSync(join(root, 'package.json'), '{}');
    const cli = createRecordingCli(folder, 0);
    linkCodex({ root, nodePath, cliPath: cli.path });
    const env = { ...process.env, NODE_OPTIONS: '--max-http-header-size=20000' };
    expect(spawnSync(nodePath, [script], { env }).status).toBe(0);
    expect(cli.calls()[0]?.environment['NODE_OPTIONS']).toBeUndefined();
  });

  it.skipIf(!existsSync('/usr/bin/node'))('runs on the Node of the machine, whatever that is', () => {
    const cli = createRecordingCli(folder, 7);
    linkCodex({ root, nodePath, cliPath: cli.path });
    expect(spawnSync('/usr/bin/node', [script], { cwd: root }).status).toBe(7);
    expect(cli.calls()).toHaveLength(1);
  });

  it('C43: leaves the old script in force when it is killed half-way, and goes on from there', () => {
    const cli = createRecordingCli(folder, 0);
    const request = { root, nodePath, cliPath: cli.path };
    const code = `(await import(${JSON.stringify(linkModule)})).linkCodex(${JSON.stringify(request)})`;
    const env = { ...process.env, CODEX_BACKUP_FAIL_POINT: 'kill:link-kept' };
    expect(spawnSync(nodePath, ['--input-type=module', '-e', code], { env }).signal).toBe('SIGKILL');
    expect(readFileSync(script, 'utf8')).toBe(original);
    expect(readLinkState(root)).toEqual({ kind: 'original', keptExists: true });
    expect(linkCodex(request)).toEqual({ script, state: 'linked', kept });
    expect(scripts()).toEqual(['codexAutoBackup.js', 'codexAutoBackup.js.before-codex-backup']);
    unlinkCodex({ root });
    expect(readFileSync(script, 'utf8')).toBe(original);
  });

  it('numbers an older kept script that differs instead of overwriting it', () => {
    const { path: cliPath } = createRecordingCli(folder, 0);
    linkCodex({ root, nodePath, cliPath });
    writeFileSync(script, '// v1.6\n');
    expect(linkCodex({ root, nodePath, cliPath })).toMatchObject({ state: 'linked', kept });
    expect(readFileSync(kept, 'utf8')).toBe('// v1.6\n');
    expect(readFileSync(`${kept}.1`, 'utf8')).toBe(original);
  });

  it('refuses a root without the script, an edited script, and one that is a link', () => {
    const request = { root, nodePath, cliPath: createRecordingCli(folder, 0).path };
    linkCodex(request);
    writeFileSync(script, readFileSync(script, 'utf8').replace("'run'", "'list'"));
    expect(() => linkCodex(request)).toThrow(expect.objectContaining({ code: 'link-conflict' }));
    rmSync(script);
    expect(() => linkCodex(request)).toThrow(expect.objectContaining({ code: 'link-missing' }));
    symlinkSync(kept, script);
    expect(() => linkCodex(request)).toThrow(expect.objectContaining({ code: 'link-conflict' }));
    const elsewhere = { ...request, root: join(folder, 'nowhere') };
    expect(() => linkCodex(elsewhere)).toThrow(expect.objectContaining({ code: 'root-missing' }));
  });
});

describe('a linked script', () => {
  const cases = [
    { what: 'command line', move: (cli: string, _node: string) => renameSync(cli, `${cli}.moved`) },
    { what: 'Node', move: (_cli: string, node: string) => renameSync(node, `${node}.moved`) },
  ];
  for (const { what, move } of cases) {
    it(`says clearly that nothing was backed up when our ${what} has moved, and fails`, () => {
      const cli = createRecordingCli(folder, 0);
      const node = join(folder, 'node');
      symlinkSync(nodePath, node);
      linkCodex({ root, nodePath: node, cliPath: cli.path });
      expect(runScript().status).toBe(0);
      move(cli.path, node);
      const { status, stderr } = runScript();
      expect(status).toBe(1);
      expect(stderr).toContain('NOTHING WAS BACKED UP');
      expect(stderr).toContain(what === 'Node' ? node : cli.path);
      expect(stderr).toContain('codex-backup link');
      expect(cli.calls()).toHaveLength(1);
    });
  }

  it('fails when our program can not be started, or is killed', () => {
    const program = join(folder, 'program');
    writeFileSync(program, '#!/bin/sh\nkill -9 $$\n', { mode: 0o755 });
    linkCodex({ root, nodePath: program });
    expect(runScript()).toMatchObject({ status: 1, stderr: expect.stringContaining('SIGKILL') });
    chmodSync(program, 0o644);
    expect(runScript()).toMatchObject({ status: 1, stderr: expect.stringContaining('EACCES') });
  });
});

describe('unlinkCodex', () => {
  it('puts the old script back byte for byte, with its mode', () => {
    const { path: cliPath } = createRecordingCli(folder, 0);
    linkCodex({ root, nodePath, cliPath });
    expect(unlinkCodex({ root })).toEqual({ script, state: 'unlinked', kept: null });
    expect(readFileSync(script, 'utf8')).toBe(original);
    expect(statSync(script).mode & 0o777).toBe(0o755);
    expect(scripts()).toEqual(['codexAutoBackup.js']);
    expect(unlinkCodex({ root })).toMatchObject({ state: 'not-linked' });
  });

  it('refuses when the script is no longer ours, was edited, or the old one is gone', () => {
    const { path: cliPath } = createRecordingCli(folder, 0);
    linkCodex({ root, nodePath, cliPath });
    const linked = readFileSync(script, 'utf8');
    for (const content of ['// mine\n', `${linked}// edited\n`]) {
      writeFileSync(script, content);
      expect(() => unlinkCodex({ root })).toThrow(expect.objectContaining({ code: 'link-conflict' }));
      expect(readFileSync(script, 'utf8')).toBe(content);
      expect(readFileSync(kept, 'utf8')).toBe(original);
    }
    writeFileSync(script, linked);
    rmSync(kept);
    expect(() => unlinkCodex({ root })).toThrow(expect.objectContaining({ code: 'link-conflict' }));
    expect(readFileSync(script, 'utf8')).toBe(linked);
  });

  it('puts the old script back where the linked one was removed', () => {
    linkCodex({ root, nodePath, cliPath: createRecordingCli(folder, 0).path });
    rmSync(script);
    expect(unlinkCodex({ root })).toMatchObject({ state: 'unlinked' });
    expect(readFileSync(script, 'utf8')).toBe(original);
  });
});
