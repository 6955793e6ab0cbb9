/** What a browser and the panel server agree on; docs/panel.md says why. */

export const webPaths = {
  /** POST `{"code": "…"}` with JSON's content type: answers `{"token": "…"}`, once for each code. */
  session: '/api/session',
  /** WebSocket; see `socketProtocols`. */
  socket: '/api/socket',
  /** GET, with a ticket after it that is good for one use. */
  download: '/api/download/',
} as const;

/** The address that the command prints ends in `#code=…`; the page takes it out of the address at once. */
export const codeParameter = 'code';

/** Where a page keeps its token, in sessionStorage: gone with its tab, and in no other. */
export const tokenStorageKey = 'codex-backup-token';

/** GET of the session path with this answers 204 while the server knows the token, 401 when it doesn't. */
export const tokenHeader = 'x-codex-backup-token';

/** The subprotocol that is agreed on; the token comes as a second one, which is never answered. */
export const socketProtocol = 'codex-backup';
const tokenPrefix = 'token.';

export const socketProtocols = (token: string): string[] => [socketProtocol, tokenPrefix + token];

/** The token among the subprotocols that a browser asks for. */
export function findToken(protocols: readonly string[]): string | undefined {
  if (!protocols.includes(socketProtocol)) return undefined;
  return protocols.find((protocol) => protocol.startsWith(tokenPrefix))?.slice(tokenPrefix.length);
}
