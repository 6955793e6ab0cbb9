import type { LinkReport } from '../../shared/results.ts';
import type { EngineContext } from '../context.ts';
import { linkCodex } from '../link/link.ts';
import { findOwnProgram } from '../link/own-program.ts';
import { unlinkCodex } from '../link/unlink.ts';
import { programFolder } from '../program-folder.ts';

/** Makes Codex's own backup calls come to this program. */
export function link(context: EngineContext): LinkReport {
  const { execPath, versions, env } = process;
  const program = findOwnProgram({ programFolder, execPath, isElectron: 'electron' in versions, env });
  return linkCodex({ root: context.root(), ...program });
}

export function unlink(context: EngineContext): LinkReport {
  return unlinkCodex({ root: context.root() });
}
