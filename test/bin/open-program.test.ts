import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const project = join(import.meta.dirname, '../..');

interface Program {
  readonly folder: string;
  readonly cache: string;
  /** Runs the launcher; answers what the program printed. */
  run(): { readonly answer: string; readonly from: string };
  writeMain(answer: string): void;
}

/** A program of two sources with our launcher, and the bundler if it is to have one. */
function createProgram({ withBundler = true } = {}): Program {
  const folder = temporaryFolder();
  cpSync(join(project, 'bin'), join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'src', 'cli'), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  if (withBundler) symlinkSync(join(project, 'node_modules', 'rolldown'), join(folder, 'node_modules', 'rolldown'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'src', 'where.ts'), 'export const where: string = import.meta.url;');
  const program: Program = {
    folder,
    cache: join(folder, 'node_modules', '.cache', 'codex-backup'),
    writeMain: (answer) =>
      writeFileSync(
        join(folder, 'src', 'cli', 'main.ts'),
        `import { where } from '../where.ts';
        export async function main(): Promise<number> {
          const from = new Error().stack?.includes('.cache') ? 'bundle' : 'sources';
          process.stdout.write(JSON.stringify({ answer: ${JSON.stringify(answer)}, from, where }));
          return 0;
        }`,
      ),
    run: () => {
      const env = { ...process.env, CODEX_BACKUP_HOME: join(folder, 'home') };
      const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'bin', 'codex-backup.js')], {
        encoding: 'utf8',
        env,
      });
      if (stderr !== '') throw new Error(stderr);
      const { answer, from, where } = JSON.parse(stdout);
      expect(where).toMatch(/src[/]where[.]ts$/);
      return { answer, from };
    },
  };
  program.writeMain('first');
  return program;
}

describe('the launcher', () => {
  test('runs the sources first, and from then on a bundle that finds its files beside the sources', () => {
    const { run } = createProgram();
    expect(run()).toEqual({ answer: 'first', from: 'sources' });
    expect(run()).toEqual({ answer: 'first', from: 'bundle' });
  });

  test('never overlooks a changed source, and keeps the bundle that may still be running', () => {
    const { run, writeMain, cache } = createProgram();
    run();
    writeMain('second');
    expect(run()).toEqual({ answer: 'second', from: 'sources' });
    expect(run()).toEqual({ answer: 'second', from: 'bundle' });
    expect(readdirSync(cache)).toHaveLength(2);
  });

  test('removes a bundle that was not used for a month', () => {
    const { run, writeMain, cache } = createProgram();
    run();
    const [old = ''] = readdirSync(cache);
    const longAgo = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
    utimesSync(join(cache, old), longAgo, longAgo);
    writeMain('second');
    run();
    expect(readdirSync(cache)).not.toContain(old);
  });

  test('dates a bundle by its use', () => {
    const { run, cache } = createProgram();
    run();
    const folder = join(cache, readdirSync(cache)[0] ?? '');
    utimesSync(folder, new Date(0), new Date(0));
    expect(run().from).toBe('bundle');
    expect(Date.now() - statSync(folder).mtimeMs).toBeLessThan(60_000);
  });

  test('goes on with the sources where there is no bundler', () => {
    const { run, cache } = createProgram({ withBundler: false });
    expect(run().from).toBe('sources');
    expect(run().from).toBe('sources');
    expect(existsSync(cache)).toBe(false);
  });
});
