import type { WebSocket } from 'ws';
import type { Channel } from '../shared/protocol/channel.ts';
import { socketCloseCodes } from '../shared/protocol/socket-carrier.ts';

/** What may wait for a window that doesn't read. */
const maxWaitingBytes = 64 * 1024 * 1024;

/** A channel over one connection of a browser. Anything but text closes it. */
export function channelOver(socket: WebSocket): Channel {
  return {
    post: (text) => {
      if (socket.bufferedAmount > maxWaitingBytes) socket.terminate();
      else if (socket.readyState === socket.OPEN) socket.send(text);
    },
    onText: (listener) => {
      const take = (data: Buffer | ArrayBuffer | Buffer[], isBinary: boolean): void => {
        if (isBinary || !Buffer.isBuffer(data)) socket.close(1003);
        else listener(data.toString('utf8'));
      };
      socket.on('message', take);
      return () => socket.off('message', take);
    },
    onClose: (listener) => {
      const tell = (code: number): void => listener(`code ${code}`);
      socket.on('close', tell);
      return () => socket.off('close', tell);
    },
    close: (why) => {
      socket.close(why === 'ended' ? socketCloseCodes.ended : 1008);
      // One that doesn't answer is gone all the same.
      setTimeout(() => socket.terminate(), 1000).unref();
    },
  };
}
