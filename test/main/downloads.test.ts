import { expect, test } from 'vitest';
import { serveDownloads } from '../../src/engine-host/serve-downloads.ts';
import { answerDownload } from '../../src/main/downloads.ts';
import { createEngineQuestions } from '../../src/main/engine-questions.ts';
import type { MessageFromEngine, MessageToEngine } from '../../src/shared/app-messages.ts';

const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));

/** Main and the engine process, with JSON between them. */
function stage(pieces: () => AsyncIterable<Uint8Array>) {
  const posted: MessageToEngine['kind'][] = [];
  let isStopped = false;
  const host = {
    openDownload: async (ticket: string) => {
      if (ticket !== 'good') throw new Error('not known');
      async function* read() {
        try {
          yield* pieces();
        } finally {
          isStopped = true;
        }
      }
      return { id: '', path: '', name: 'memo "ü".txt', bytes: content.length, content: read() };
    },
  };
  const serve = serveDownloads(host, (message: MessageFromEngine) =>
    questions.answered(JSON.parse(JSON.stringify(message))),
  );
  const post = (message: MessageToEngine): void => {
    posted.push(message.kind);
    serve(JSON.parse(JSON.stringify(message)));
  };
  const questions = createEngineQuestions(post);
  questions.engineReady();
  return { get: (ticket: string) => answerDownload(questions, post, ticket), posted, isStopped: () => isStopped };
}

async function* inPieces(): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += 65_536) yield content.subarray(start, start + 65_536);
}

test('a file arrives whole, as an attachment with its own name', async () => {
  const { get } = stage(inPieces);
  const response = await get('good');
  expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': expect.stringMatching(/^attachment; .*filename\*=UTF-8''memo%20%22%C3%BC%22\.txt$/),
    'x-content-type-options': 'nosniff',
  });
});

test('a ticket that is not known any more finds nothing', async () => {
  const { get } = stage(inPieces);
  expect((await get('other')).status).toBe(404);
});

test('a file that can not be read to its end is no whole file', async () => {
  const { get } = stage(async function* () {
    yield content.subarray(0, 10);
    throw new Error('unreadable');
  });
  await expect((await get('good')).arrayBuffer()).rejects.toThrow('could not be read');
});

test('pieces are read as they are taken, and no more once nobody wants them', async () => {
  const { get, posted, isStopped } = stage(inPieces);
  const response = await get('good');
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(posted.filter((kind) => kind === 'nextPiece').length).toBeLessThanOrEqual(2);
  expect(posted.at(-1)).toBe('stopDownload');
  await expect.poll(isStopped).toBe(true);
});
