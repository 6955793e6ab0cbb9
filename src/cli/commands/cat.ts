import { AppError } from '../../shared/app-error.ts';
import type { Command } from '../command.ts';
import { snapshotWord } from '../command-words.ts';

/** The exact bytes of the file go to standard output, so there is no `--json` form. */
export const cat: Command = {
  arguments: [snapshotWord, { spec: '<path>', describe: 'the file, as a path from the root' }],
  options: [],
  run: async (context) => {
    if (context.input.flag('json')) {
      throw new AppError('usage', 'cat prints the bytes of a file and nothing else, so it has no JSON form.', {
        hint: 'Leave --json out.',
      });
    }
    const engine = await context.engine();
    await context.write(await engine.cat(context.input.required(0), context.input.required(1)));
    return { data: {}, text: () => '' };
  },
};
