import { useMemo, useSyncExternalStore } from 'react';
import { parseRoute, type Route } from './routes.ts';

/** Where the panel is, by the address's hash. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}

/**
 * Goes to an address made by `links`. The views hear of it at once: the browser's own event comes later, and until then
 * a radio button that leads somewhere would jump back.
 */
export function navigate(href: string): void {
  window.location.hash = href;
  for (const listener of listeners) listener();
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('hashchange', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('hashchange', listener);
  };
}
