import { AppError } from '../../shared/app-error.ts';
import type { Command } from '../command.ts';
import { formatCopies, formatCopyTest } from '../output/copies-text.ts';

/** Shows how each copy stands; `copies test NAME` tries one. */
export const copies: Command = {
  arguments: [
    { spec: '[action]', describe: '"test": write a small file there, read it back, remove it' },
    { spec: '[name]', describe: 'the copy to test' },
  ],
  options: [],
  run: async ({ input, engine, signal }) => {
    const [action, name] = input.args;
    if (action === undefined) {
      const statuses = await (await engine()).copies();
      return { data: { copies: statuses }, text: (style) => formatCopies(statuses, style) };
    }
    if (action !== 'test' || name === undefined) {
      throw new AppError('usage', 'That is nothing that can be done with copies.', {
        hint: '"codex-backup copies" shows them, "codex-backup copies test NAME" tries one, "codex-backup copy NAME" brings one up to date.',
      });
    }
    const test = await (await engine()).testCopy(name, { signal });
    return { data: { test }, text: () => formatCopyTest(test), confirms: true };
  },
};
