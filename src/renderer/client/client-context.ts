import { createContext, useContext } from 'react';
import type { PanelClient } from '../../shared/protocol/client.ts';

const ClientContext = createContext<PanelClient | null>(null);

export const ClientProvider = ClientContext.Provider;

/** The connection to the host. */
export function useClient(): PanelClient {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('useClient is called outside of the panel.');
  return client;
}
