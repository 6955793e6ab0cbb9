import { useEffect, useState } from 'react';
import { capitalise } from '../../shared/words.ts';
import { useConnection } from '../client/use-connection.ts';
import { StateMark } from '../icons/state-mark.tsx';
import './banner.css';

/** Says that the host can't be reached, and what happens about it. Quiet during the first moments of a start. */
export function ConnectionBanner() {
  const connection = useConnection();
  const late = useLate(connection.kind === 'connecting');
  if (connection.kind === 'closed') {
    return (
      <div className="banner" role="alert">
        <StateMark mark="failed" />
        <p>
          <b>No connection.</b> {capitalise(connection.reason)}.
        </p>
      </div>
    );
  }
  if (!late) return null;
  return (
    <div className="banner" role="status">
      <StateMark mark="running" />
      <p>
        <b>Connection lost,</b> trying again… What you see may be out of date.
      </p>
    </div>
  );
}

/** True once `isWaiting` has been true for a second. */
function useLate(isWaiting: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!isWaiting) return setLate(false);
    const timer = setTimeout(() => setLate(true), 1000);
    return () => clearTimeout(timer);
  }, [isWaiting]);
  return late;
}
