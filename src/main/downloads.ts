import type { MessageToEngine } from '../shared/app-messages.ts';
import { attachmentHeader } from '../shared/attachment-header.ts';
import { refuse } from './app-protocol.ts';
import type { EngineQuestions } from './engine-questions.ts';

/** Answers with the file behind a ticket, piece by piece as it is taken. */
export async function answerDownload(
  questions: EngineQuestions,
  post: (message: MessageToEngine) => void,
  ticket: string,
): Promise<Response> {
  const number = questions.nextNumber();
  const file = await questions.ask({ kind: 'download', number, ticket: ticket.slice(0, 100) });
  if (file.kind !== 'file') return refuse(404);
  const content = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const piece = await questions.ask({ kind: 'nextPiece', number });
      if (piece.kind !== 'piece') controller.error(new Error('The file could not be read to its end.'));
      else if (piece.content === null) controller.close();
      else controller.enqueue(Buffer.from(piece.content, 'base64'));
    },
    cancel: () => post({ kind: 'stopDownload', number }),
  });
  return new Response(content, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(file.bytes),
      'content-disposition': attachmentHeader(file.name),
      'x-content-type-options': 'nosniff',
    },
  });
}
