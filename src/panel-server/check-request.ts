import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is refused; undefined where it may go on. Says nothing that a stranger could use. */
export type Refusal = { readonly status: 403 | 405 | 415 } | undefined;

/** The origins of this server on its port: the addresses of the loopback, and no other name that leads there. */
function ownOrigins(port: number): ReadonlySet<string> {
  return new Set([`http://127.0.0.1:${port}`, `http://localhost:${port}`, `http://[::1]:${port}`]);
}

/**
 * Only what a page of ours sends may pass: the Host of this server with its port (another name that resolves to the
 * loopback is a rebinding), no other Origin, and nothing that a browser says comes from another site.
 */
export function checkOrigin(headers: IncomingHttpHeaders, port: number): Refusal {
  const own = ownOrigins(port);
  if (headers.host === undefined || !own.has(`http://${headers.host.toLowerCase()}`)) return { status: 403 };
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host.toLowerCase()}`) return { status: 403 };
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return { status: 403 };
  return undefined;
}

/** What changes something must say where it comes from, and bring JSON: no form and no image of another page can. */
export function checkPost(headers: IncomingHttpHeaders, port: number): Refusal {
  const refusal = checkOrigin(headers, port);
  if (refusal !== undefined) return refusal;
  if (headers.origin === undefined || headers['sec-fetch-site'] === 'none') return { status: 403 };
  return /^application\/json(;\s*charset=utf-8)?$/i.test(headers['content-type'] ?? '') ? undefined : { status: 415 };
}
