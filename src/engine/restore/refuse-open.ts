import { AppError } from '../../shared/app-error.ts';
import { findOpenHandles } from '../platform/open-handles.ts';

/** Throws `busy` while another program has one of these files open; files that don't exist are open nowhere. */
export async function refuseOpen(paths: readonly string[]): Promise<void> {
  const [holder] = (await findOpenHandles(paths)).filter(({ pid }) => pid !== process.pid);
  if (holder === undefined) return;
  throw new AppError('busy', `${holder.command} (pid ${holder.pid}) has ${holder.path} open.`, {
    hint: 'Stop that program, then try again.',
  });
}
