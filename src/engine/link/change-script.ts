import { AppError, systemErrorCode } from '../../shared/app-error.ts';

/** Runs a change to Codex's script and says which file could not be changed when the system refuses. */
export function changeScript(script: string, change: () => void): void {
  try {
    change();
  } catch (error) {
    const code = systemErrorCode(error);
    if (error instanceof AppError || code === undefined) throw error;
    throw new AppError(code === 'ENOSPC' ? 'disk-full' : 'io', `${script} could not be changed: ${code}.`, {
      hint: 'Check the permissions and the free space of its folder, then try again.',
      cause: error,
    });
  }
}
