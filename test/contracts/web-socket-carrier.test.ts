import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createSocketCarrier, type SocketLike } from '../../src/shared/protocol/socket-carrier.ts';
import { socketProtocols, webPaths } from '../../src/shared/protocol/web.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { getToken, startTestServer } from '../panel-server/panel-place.ts';
import { testCarrier } from './carrier-contract.ts';

testCarrier('WebSocket', async (host) => {
  const server = await startTestServer(temporaryFolder(), host);
  onTestFinished(() => server.close());
  return async () => {
    const token = await getToken(server);
    const address = server.origin.replace('http', 'ws') + webPaths.socket;
    return createSocketCarrier({
      openSocket: (): SocketLike => {
        const socket = new WebSocket(address, socketProtocols(token), { headers: { origin: server.origin } });
        // That it failed is told by its close.
        socket.on('error', () => undefined);
        return socket;
      },
      after: (milliseconds, listener) => {
        const timer = setTimeout(listener, milliseconds);
        return () => clearTimeout(timer);
      },
    });
  };
});
