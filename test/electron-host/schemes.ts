type Handler = (request: Request) => Response | Promise<Response>;

/**
 * Schemes of the app. Chromium refuses a scheme that it doesn't know before anyone can answer for it, so the pages see
 * `app://host/path` as `https://host.app.invalid/path`; all that the app sees is translated back.
 */
const handlers = new Map<string, Handler>();

export function handleScheme(scheme: string, handler: Handler): void {
  if (handlers.has(scheme)) throw new Error(`The scheme ${scheme} has a handler already.`);
  handlers.set(scheme, handler);
}

export function handlerOf(url: string): Handler | undefined {
  return handlers.get(/^([a-z][a-z0-9+.-]*):/.exec(url)?.[1] ?? '');
}

export function toPageUrl(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i, (all, scheme: string, host: string) =>
    handlers.has(scheme) ? `https://${host}.${scheme}.invalid` : all,
  );
}

export function fromPageUrl(url: string): string {
  return url.replace(/^https:\/\/([^/?#]*)\.([a-z0-9-]+)\.invalid(?=[/?#]|$)/i, (all, host: string, scheme: string) =>
    handlers.has(scheme) ? `${scheme}://${host}` : all,
  );
}

/** Sources of a content policy such as `app:` and `app://host`. */
export function toPagePolicy(policy: string): string {
  return policy.replace(
    /(?<=^|[\s;])([a-z][a-z0-9+.-]*):(?:\/\/([^\s;/]+))?(?=[\s;]|$)/g,
    (all, scheme: string, host?: string) => (handlers.has(scheme) ? `https://${host ?? '*'}.${scheme}.invalid` : all),
  );
}
