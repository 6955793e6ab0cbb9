import { useEffect } from 'react';
import { reportError } from '../../shared/app-error.ts';
import { useCall } from '../client/use-call.ts';
import { links, type Route } from './routes.ts';
import { navigate } from './use-route.ts';

/** Before a Codex folder is known, the overview has nothing to show: the first run takes its place. */
export function useFirstRun({ view }: Route): void {
  const { error } = useCall('status', {});
  const isUnset = error !== null && reportError(error).code === 'root-unset';
  useEffect(() => {
    if (isUnset && view === '') navigate(links.firstRun());
  }, [isUnset, view]);
}
