import type { MessageFromEngine, MessageToEngine } from '../shared/app-messages.ts';

type Answer = Extract<MessageFromEngine, { kind: 'ticket' | 'file' | 'piece' | 'downloadFailed' }>;
type Question = Extract<MessageToEngine, { kind: 'folder' | 'download' | 'nextPiece' }>;

/** Pairs main's questions to the engine process with its answers. */
export interface EngineQuestions {
  nextNumber(): number;
  /** Rejects when the engine process ends, and at once while none runs. */
  ask(question: Question): Promise<Answer>;
  answered(answer: Answer): void;
  engineReady(): void;
  engineGone(why: string): void;
}

export function createEngineQuestions(post: (message: MessageToEngine) => void): EngineQuestions {
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  let last = 0;
  let isReady = false;
  return {
    nextNumber: () => {
      last += 1;
      return last;
    },
    ask: (question) => {
      if (!isReady) return Promise.reject(new Error('The engine is being started; try it again in a moment.'));
      const answer = Promise.withResolvers<Answer>();
      waiting.set(question.number, answer);
      post(question);
      return answer.promise;
    },
    answered: (answer) => {
      waiting.get(answer.number)?.resolve(answer);
      waiting.delete(answer.number);
    },
    engineReady: () => {
      isReady = true;
    },
    engineGone: (why) => {
      isReady = false;
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
