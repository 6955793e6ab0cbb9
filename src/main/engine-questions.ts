import type { MessageFromEngine, MessageToEngine } from '../shared/app-messages.ts';

type Answer = Extract<MessageFromEngine, { kind: 'ticket' | 'file' | 'piece' | 'downloadFailed' }>;
type Question = Extract<MessageToEngine, { kind: 'folder' | 'download' | 'nextPiece' }>;

/** Pairs main's questions to the engine process with its answers. */
export interface EngineQuestions {
  nextNumber(): number;
  /** Rejects when the engine process ends. */
  ask(question: Question): Promise<Answer>;
  answered(answer: Answer): void;
  engineGone(why: string): void;
}

export function createEngineQuestions(post: (message: MessageToEngine) => void): EngineQuestions {
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  let last = 0;
  return {
    nextNumber: () => {
      last += 1;
      return last;
    },
    ask: (question) => {
      const answer = Promise.withResolvers<Answer>();
      waiting.set(question.number, answer);
      post(question);
      return answer.promise;
    },
    answered: (answer) => {
      waiting.get(answer.number)?.resolve(answer);
      waiting.delete(answer.number);
    },
    engineGone: (why) => {
      for (const { reject } of waiting.values()) reject(new Error(`The engine stopped: ${why}.`));
      waiting.clear();
    },
  };
}

/** The ticket of a folder that the user has chosen. */
export async function issueFolderTicket(questions: EngineQuestions, path: string): Promise<string> {
  const answer = await questions.ask({ kind: 'folder', number: questions.nextNumber(), path });
  if (answer.kind !== 'ticket') throw new Error('The engine gave no ticket for the folder.');
  return answer.ticket;
}
