import { useEffect, useState } from 'react';
import { StateMark } from '../icons/state-mark.tsx';
import './loading.css';

/** Shown only when something takes longer than a glance, so that nothing flickers. */
export function Loading({ label = 'Loading' }: { label?: string }) {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setVisible(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" role="status">
      {visible ? (
        <>
          <StateMark mark="running" />
          <span>{label}…</span>
        </>
      ) : null}
    </div>
  );
}
