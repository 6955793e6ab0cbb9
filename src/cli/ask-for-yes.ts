import { AppError } from '../shared/app-error.ts';
import type { CommandContext } from './command.ts';

/** What a command says around its question. */
export interface YesWords {
  /** Begins "… needs a yes, and there is no terminal to ask at." */
  readonly what: string;
  /** What to do where there is no terminal. */
  readonly hint: string;
  /** The sentence after a no. */
  readonly declined: string;
}

type Question = Parameters<NonNullable<CommandContext['confirm']>>[0];

/** A function that asks, and throws `cancelled` unless the answer is yes; `--yes` answers it. Nobody to ask: `usage`, now. */
export function yesAsker({ input, confirm }: CommandContext, words: YesWords): (question: Question) => Promise<void> {
  if (input.flag('yes')) return async () => undefined;
  if (confirm === undefined) {
    throw new AppError('usage', `${words.what} needs a yes, and there is no terminal to ask at.`, { hint: words.hint });
  }
  return async (question) => {
    if (await confirm(question)) return;
    throw new AppError('cancelled', words.declined, { hint: 'Answer y, or give --yes, to go ahead.' });
  };
}
