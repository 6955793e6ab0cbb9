import { AppError } from '../shared/app-error.ts';
import type { MessageFromEngine } from '../shared/app-messages.ts';

/** Has main show paths in the file manager. */
export interface FolderShower {
  show(path: string): Promise<void>;
  answered(number: number, problem: string | null): void;
}

export function createFolderShower(post: (message: MessageFromEngine) => void): FolderShower {
  const waiting = new Map<number, (problem: string | null) => void>();
  let last = 0;
  return {
    show: async (path) => {
      last += 1;
      const { promise, resolve } = Promise.withResolvers<string | null>();
      waiting.set(last, resolve);
      post({ kind: 'showPath', number: last, path });
      const problem = await promise;
      if (problem !== null) throw new AppError('io', problem, { hint: 'Copy the path instead.', details: { path } });
    },
    answered: (number, problem) => {
      waiting.get(number)?.(problem);
      waiting.delete(number);
    },
  };
}
