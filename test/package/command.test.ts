import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { project } from './support/run-packager.ts';

/** Where the app's binary lies from the folder of its resources, and the folder itself. */
const systems = [
  { system: 'macOS', resources: 'Codex Auto-Backup.app/Contents/Resources', binary: '../MacOS/Codex Auto-Backup' },
  { system: 'Linux', resources: 'opt/Codex Auto-Backup/resources', binary: '../codex-auto-backup' },
] as const;

/** Shows how it was started, or waits for a signal. */
const program = `
const { argv, env } = process;
if (argv[2] === 'wait') {
  process.on('SIGTERM', () => process.exit(130));
  console.log(process.pid);
  setInterval(() => undefined, 60_000);
} else {
  console.log(JSON.stringify({ parameters: argv.slice(2), runAsNode: env.ELECTRON_RUN_AS_NODE, options: env.NODE_OPTIONS }));
  process.exitCode = 6;
}
`;

describe.each(systems)('the command of the installed app, laid out as on $system', ({ resources, binary }) => {
  const install = () => {
    const folder = temporaryFolder();
    const command = join(folder, resources, 'bin/codex-backup');
    const cli = join(folder, resources, 'program/out/engine/cli.mjs');
    for (const file of [command, cli, join(folder, resources, binary)]) mkdirSync(dirname(file), { recursive: true });
    copyFileSync(join(project, 'packaging/codex-backup'), command);
    writeFileSync(cli, program);
    symlinkSync(process.execPath, join(folder, resources, binary));
    return { folder, command };
  };

  test("runs the app's binary as plain Node, with the arguments as they came, and gives its exit code", () => {
    const { command } = install();
    const env = { PATH: '/usr/bin:/bin', NODE_OPTIONS: '--require /there/is/no/such/file.js' };
    const { status, stdout, stderr } = spawnSync(command, ['run', 'a "b"', '', '$HOME'], { env, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ parameters: ['run', 'a "b"', '', '$HOME'], runAsNode: '1' });
    expect(status).toBe(6);
  });

  test('is found through relative and absolute links on the PATH, in whatever folder one stands', () => {
    const { folder, command } = install();
    mkdirSync(join(folder, 'links'));
    mkdirSync(join(folder, 'bin'));
    symlinkSync(command, join(folder, 'links/absolute'));
    symlinkSync('../links/absolute', join(folder, 'bin/codex-backup'));
    const env = { PATH: `${folder}/bin:/usr/bin:/bin`, CDPATH: folder };
    expect(spawnSync('codex-backup', { cwd: '/', env }).status).toBe(6);
  });

  test('becomes that process: a signal to it reaches the program', async () => {
    const { command } = install();
    const child = spawn(command, ['wait']);
    const [told] = await once(child.stdout, 'data');
    expect(Number(told)).toBe(child.pid);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([130, null]);
  });
});
