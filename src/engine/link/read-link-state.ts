import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { type Program, parseHandOverScript } from './hand-over-script.ts';

/** Where link works, relative to the root: the script that Codex starts, and the old one beside it. */
export const linkFiles = {
  script: join('scripts', 'codexAutoBackup.js'),
  kept: join('scripts', 'codexAutoBackup.js.before-codex-backup'),
} as const;

/** What lies at scripts/codexAutoBackup.js. `edited`: ours once, but someone changed it. */
export type LinkState =
  | { readonly kind: 'missing' | 'original' | 'edited'; readonly keptExists: boolean }
  | {
      readonly kind: 'linked';
      readonly keptExists: boolean;
      readonly program: Program;
      /** The first path of the program that no longer exists; null when it can run. */
      readonly missing: string | null;
    };

/** Looks whether Codex's own backup calls end up with us. Throws AppError `root-missing` and `link-conflict`. */
export function readLinkState(root: string): LinkState {
  if (!existsSync(root)) {
    throw new AppError('root-missing', `There is no Codex folder at ${root}.`, {
      hint: 'Name the right one with --root.',
    });
  }
  const keptExists = existsSync(join(root, linkFiles.kept));
  const text = readScript(join(root, linkFiles.script));
  if (text === undefined) return { kind: 'missing', keptExists };
  const handOver = parseHandOverScript(text);
  if (handOver === undefined) return { kind: 'original', keptExists };
  if (!handOver.intact) return { kind: 'edited', keptExists };
  const { program } = handOver;
  return { kind: 'linked', keptExists, program, missing: program.find((path) => !existsSync(path)) ?? null };
}

function readScript(path: string): string | undefined {
  try {
    if (!lstatSync(path).isFile()) {
      throw new AppError('link-conflict', `${path} is not a regular file, so it is left alone.`, {
        hint: 'Put a copy of the script itself in its place, then try again.',
      });
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}
