import { basename } from 'node:path';
import type { Trigger } from '../../shared/model.ts';

/** What can be seen of the process that asked for a run. */
export interface CallerFacts {
  /** Its working folder. */
  readonly cwd?: string;
  /** Its command line, the arguments joined by spaces. */
  readonly command?: string;
  /** `npm_lifecycle_event`: the npm script that we run under. */
  readonly lifecycleEvent?: string;
}

const callers: readonly (readonly [folder: string, trigger: Trigger])[] = [
  ['codex-boot-manager', 'boot'],
  ['codex-brain', 'growth'],
];

/**
 * Why a run was asked for, from who asked: Codex's Boot Manager (`boot`), the Brain's own watcher (`growth`), or a
 * person (`manual`). npm's variables can't tell the first two apart, since the Brain inherits the Boot Manager's.
 */
export function detectTrigger({ cwd, command = '', lifecycleEvent }: CallerFacts): Trigger {
  // Someone at a prompt may well stand in one of these folders.
  if (isPrompt(command) || isNpm(command)) return 'manual';
  const byFolder = callers.find(([folder]) => cwd !== undefined && basename(cwd) === folder);
  if (byFolder !== undefined) return byFolder[1];
  if (lifecycleEvent === 'codex:backup') return 'manual';
  const byCommand = callers.find(([folder]) => command.split(/[\s/]/).includes(folder));
  return byCommand?.[1] ?? 'manual';
}

const shells = new Set(['sh', 'bash', 'zsh', 'dash', 'ksh', 'fish', 'tcsh', 'nu']);

/** A shell that was given neither a command nor a script. */
function isPrompt(command: string): boolean {
  const [program = '', ...parameters] = command.split(' ');
  const isOption = (parameter: string) => parameter.startsWith('-') && !/^-\w*c/.test(parameter);
  return shells.has(basename(program).replace(/^-/, '')) && parameters.every(isOption);
}

/** npm titles itself `npm run codex:backup`; where that isn't seen, its script is. */
function isNpm(command: string): boolean {
  return /^npm( |$)|\/npm-cli\.js( |$)/.test(command);
}
