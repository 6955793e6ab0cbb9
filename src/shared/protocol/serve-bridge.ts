import { type BridgeChannel, createBridgeChannel } from './bridge-carrier.ts';
import type { BridgeMessage, BridgePort } from './bridge-messages.ts';
import type { Channel } from './channel.ts';

/** The engine's end of the bridge: every channel that is asked for is handed to `serve`. Answers what takes a message. */
export function serveBridge(
  port: Pick<BridgePort, 'post'>,
  serve: (channel: Channel) => void,
): (message: BridgeMessage) => void {
  const channels = new Map<string, BridgeChannel>();
  return (message) => {
    const channel = channels.get(message.channel);
    switch (message.kind) {
      case 'open': {
        channel?.end('opened again');
        const opened = createBridgeChannel(port, message.channel);
        channels.set(opened.name, opened);
        opened.onClose(() => channels.delete(opened.name));
        port.post({ kind: 'opened', channel: opened.name });
        serve(opened);
        break;
      }
      case 'text':
        channel?.take(message.text);
        break;
      case 'close':
        channel?.end(message.reason);
        break;
      case 'opened':
        break;
    }
  };
}
