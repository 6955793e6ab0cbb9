import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import type { PanelClient } from '../../shared/protocol/client.ts';
import { ClientProvider } from '../client/client-context.ts';
import { createQueryClient, followHost } from '../client/query-client.ts';
import { useCall } from '../client/use-call.ts';
import { ByteBaseProvider } from '../components/size.tsx';
import { TooltipProvider } from '../components/tooltip.tsx';
import '../style/tokens.css';
import '../style/base.css';
import { Frame } from './frame.tsx';
import { refuseDrops } from './refuse-drops.ts';

/** The whole panel over one connection to a host. */
export function Panel({ client }: { client: PanelClient }) {
  const [queries] = useState(createQueryClient);
  useEffect(() => followHost(client, queries), [client, queries]);
  useEffect(() => refuseDrops(document), []);
  return (
    <ClientProvider value={client}>
      <QueryClientProvider client={queries}>
        <TooltipProvider>
          <Units>
            <Frame />
          </Units>
        </TooltipProvider>
      </QueryClientProvider>
    </ClientProvider>
  );
}

function Units({ children }: { children: ReactNode }) {
  const about = useCall('about', {});
  return <ByteBaseProvider value={about.data?.byteBase ?? 1000}>{children}</ByteBaseProvider>;
}
