import { useSyncExternalStore } from 'react';

/** From here on there is a sidebar, and the overview has two columns. In em, so that large text gets the narrow panel. */
const wide = window.matchMedia('(min-width: 56em)');

/** Whether there is room for more than the popover. */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => wide.matches);
}

function subscribe(listener: () => void): () => void {
  wide.addEventListener('change', listener);
  return () => wide.removeEventListener('change', listener);
}
