import type { ReactNode } from 'react';

/** A thing that a plan would do, as one entry of its list. */
export function Will({ icon, title, children }: { icon: ReactNode; title: ReactNode; children?: ReactNode }) {
  return (
    <li>
      {icon}
      <div>
        <h2>{title}</h2>
        {children}
      </div>
    </li>
  );
}
