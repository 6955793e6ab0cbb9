import { expect, test } from 'vitest';
import { createEngineQuestions, issueFolderTicket } from '../../src/main/engine-questions.ts';
import type { MessageToEngine } from '../../src/shared/app-messages.ts';

function makeQuestions() {
  const posted: MessageToEngine[] = [];
  return { posted, questions: createEngineQuestions((message) => posted.push(message)) };
}

test('an answer reaches the question of its number', async () => {
  const { posted, questions } = makeQuestions();
  questions.engineReady();
  const tickets = ['/a', '/b'].map((path) => issueFolderTicket(questions, path));
  for (const { number, path } of posted.filter((message) => message.kind === 'folder').toReversed()) {
    questions.answered({ kind: 'ticket', number, ticket: `ticket of ${path}` });
  }
  expect(await Promise.all(tickets)).toEqual(['ticket of /a', 'ticket of /b']);
});

test('a question whose engine ends is refused, with the reason', async () => {
  const { questions } = makeQuestions();
  questions.engineReady();
  const ticket = issueFolderTicket(questions, '/a');
  questions.engineGone('it ended with 11');
  await expect(ticket).rejects.toThrow('it ended with 11');
});

test('a question while the engine starts again is refused at once: nobody would ever answer it', async () => {
  const { posted, questions } = makeQuestions();
  await expect(issueFolderTicket(questions, '/a')).rejects.toThrow('try it again');
  questions.engineReady();
  questions.engineGone('it ended with 11');
  await expect(issueFolderTicket(questions, '/a')).rejects.toThrow('try it again');
  expect(posted).toEqual([]);
});
