import { chmodSync, copyFileSync, existsSync, linkSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { LinkReport } from '../../shared/results.ts';
import { replaceFile, syncFile, syncFolder } from '../platform/durable-file.ts';
import { failPoint } from '../platform/fail-point.ts';
import { changeScript } from './change-script.ts';
import { type Program, renderHandOverScript } from './hand-over-script.ts';
import { type LinkState, linkFiles, readLinkState } from './read-link-state.ts';

export interface LinkRequest {
  readonly root: string;
  /** The Node that runs our command line, or a packaged program that needs none. */
  readonly nodePath: string;
  /** Our bin/codex-backup.js; left out for a packaged program. */
  readonly cliPath?: string;
}

/**
 * Puts a script in the place of scripts/codexAutoBackup.js that hands over to us, and keeps the old one beside it. Done
 * again, it refreshes the paths of our program, or does nothing. A crash leaves the old or the new script, whole.
 * Throws AppError `root-missing`, `link-missing` and `link-conflict`.
 */
export function linkCodex({ root, nodePath, cliPath }: LinkRequest): LinkReport {
  const program: Program = [resolve(nodePath), ...(cliPath === undefined ? [] : [resolve(cliPath)])];
  const script = join(root, linkFiles.script);
  const kept = join(root, linkFiles.kept);
  const state = readLinkState(root);
  refuseUnlinkable(state, script, kept);
  const report = { script, kept: state.kind === 'original' || state.keptExists ? kept : null };
  if (state.kind === 'linked' && isSame(state.program, program)) return { ...report, state: 'already-linked' };

  changeScript(script, () => {
    const { mode } = statSync(script);
    if (state.kind === 'original') keepOriginal(script, kept);
    failPoint('link-kept');
    replaceFile(script, renderHandOverScript(program));
    chmodSync(script, mode);
  });
  return { ...report, state: state.kind === 'original' ? 'linked' : 'refreshed' };
}

function refuseUnlinkable(state: LinkState, script: string, kept: string): void {
  if (state.kind === 'missing') {
    throw new AppError('link-missing', `There is no ${script} to link.`, {
      hint: state.keptExists ? `The old one is kept as ${kept}: move it back, then link.` : 'Is this a Codex folder?',
    });
  }
  if (state.kind === 'edited') {
    throw new AppError('link-conflict', `${script} was made by "codex-backup link", but has been edited since.`, {
      hint: `Save what you want of it elsewhere, put the old script back (mv "${kept}" "${script}"), then link again.`,
    });
  }
}

function isSame(left: Program, right: Program): boolean {
  return left.length === right.length && left.every((part, index) => part === right[index]);
}

/** Gives the old script a second name; an older one under that name that differs is numbered, never overwritten. */
function keepOriginal(script: string, kept: string): void {
  if (existsSync(kept)) {
    if (readFileSync(kept).equals(readFileSync(script))) return;
    renameSync(kept, freeName(kept));
  }
  try {
    linkSync(script, kept);
  } catch (error) {
    // exFAT and some network file systems have no hard links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].includes(systemErrorCode(error) ?? '')) throw error;
    copyFileSync(script, `${kept}.tmp`);
    syncFile(`${kept}.tmp`);
    renameSync(`${kept}.tmp`, kept);
  }
  syncFolder(dirname(kept));
}

function freeName(path: string): string {
  let number = 1;
  while (existsSync(`${path}.${number}`)) number += 1;
  return `${path}.${number}`;
}
