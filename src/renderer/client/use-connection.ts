import { useSyncExternalStore } from 'react';
import type { ConnectionState } from '../../shared/protocol/channel.ts';
import { useClient } from './client-context.ts';

/** How the connection to the host is. */
export function useConnection(): ConnectionState {
  const client = useClient();
  return useSyncExternalStore(client.onConnection, client.connection);
}
