import { AppError } from '../../shared/app-error.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatVerify } from '../output/verify-text.ts';

/** Exits 3 when any file did not verify. */
export const verify: Command = {
  arguments: [{ spec: '[ids...]', describe: 'snapshots: ids, starts of ids, or "latest" (all without any)' }],
  options: [{ spec: '--all', describe: 'all snapshots' }],
  run: async (context) => {
    const { input, signal, onProgress } = context;
    if (input.flag('all') && input.args.length > 0) {
      throw new AppError('usage', 'Snapshots are named, and --all is given as well.', { hint: 'Give one of the two.' });
    }
    const results = await (await context.engine()).verify(input.args, { signal, onProgress });
    const bad = results.some(({ problems }) => problems.length > 0);
    return {
      data: { results },
      text: (style) => formatVerify(results, style),
      exitCode: bad ? exitCodes.incomplete : exitCodes.done,
    };
  },
};
