import { readFile } from 'node:fs/promises';
import type { Protocol } from 'electron';
import { appScheme } from '../shared/app-bridge.ts';
import { webPaths } from '../shared/protocol/web.ts';
import { pageHeaders } from './content-policy.ts';
import { findPageFile } from './page-files.ts';

/** Before `ready`. */
export function registerAppScheme(protocol: Protocol): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges }]);
}

export interface AppProtocolOptions {
  /** The built renderer. */
  readonly folder: string;
  /** The file behind a ticket of the call `download`. */
  readonly download: (ticket: string) => Promise<Response>;
  readonly onDefect: (error: unknown) => void;
}

/** Serves the pages of the app, and nothing else. */
export function serveAppPages(protocol: Protocol, { folder, download, onDefect }: AppProtocolOptions): void {
  protocol.handle(appScheme, async ({ url, method }) => {
    if (method !== 'GET') return refuse(405);
    const { pathname } = new URL(url);
    if (pathname.startsWith(webPaths.download)) return download(pathname.slice(webPaths.download.length));
    const file = findPageFile(url, folder);
    if (file === undefined) return refuse(404);
    try {
      const content = await readFile(file.path);
      return new Response(content, { headers: { ...pageHeaders, 'content-type': file.type } });
    } catch (error) {
      onDefect(error);
      return refuse(404);
    }
  });
}

export const refuse = (status: number): Response => new Response(null, { status, headers: pageHeaders });
