import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type CliEnding, endingOf } from '../../cli/support/spawn-cli.ts';

export const project = join(import.meta.dirname, '../../..');

/** `npm run package -- …`, into a folder of its own, and without the network. */
export async function runPackager(
  output: string,
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<CliEnding> {
  const child = spawn(
    process.execPath,
    [join(project, 'scripts/package.ts'), ...parameters, `--config.directories.output=${output}`],
    { env: { ...process.env, ...environment } },
  );
  return endingOf(child);
}

/** The files below a folder, by their paths in it. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
