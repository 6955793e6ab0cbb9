import { reportError } from '../shared/app-error.ts';
import type { MessageFromEngine, MessageToEngine } from '../shared/app-messages.ts';
import type { PanelHost } from './create-host.ts';

type DownloadMessage = Extract<MessageToEngine, { kind: 'download' | 'nextPiece' | 'stopDownload' }>;

/** Sends files to main, one piece for each that it asks for. */
export function serveDownloads(
  host: Pick<PanelHost, 'openDownload'>,
  post: (message: MessageFromEngine) => void,
): (message: DownloadMessage) => void {
  const open = new Map<number, AsyncIterator<Uint8Array>>();
  const fail = (number: number, error: unknown): void => {
    open.delete(number);
    post({ kind: 'downloadFailed', number, problem: reportError(error).message });
  };
  const begin = async (number: number, ticket: string): Promise<void> => {
    const { name, bytes, content } = await host.openDownload(ticket);
    open.set(number, content[Symbol.asyncIterator]());
    post({ kind: 'file', number, name, bytes });
  };
  const next = async (number: number): Promise<void> => {
    const piece = await open.get(number)?.next();
    const isOver = piece === undefined || piece.done === true;
    if (isOver) open.delete(number);
    post({ kind: 'piece', number, content: isOver ? null : Buffer.from(piece.value).toString('base64') });
  };
  return (message) => {
    const { number } = message;
    switch (message.kind) {
      case 'download':
        begin(number, message.ticket).catch((error: unknown) => fail(number, error));
        break;
      case 'nextPiece':
        next(number).catch((error: unknown) => fail(number, error));
        break;
      case 'stopDownload':
        void open.get(number)?.return?.();
        open.delete(number);
        break;
    }
  };
}
