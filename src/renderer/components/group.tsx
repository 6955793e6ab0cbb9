import type { ReactNode } from 'react';
import './group.css';

/** A white box with a line between its rows, for things to act on. */
export function Group({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <div className="group" {...(label === undefined ? {} : { role: 'group', 'aria-label': label })}>
      {children}
    </div>
  );
}

/** One row of a group: a name, a second line, and what stands at its end. */
export function GroupRow({
  icon,
  title,
  detail,
  end,
}: {
  icon?: ReactNode;
  title: ReactNode;
  detail?: ReactNode;
  end?: ReactNode;
}) {
  return (
    <div className="group-row">
      {icon}
      <div className="group-words">
        <div>{title}</div>
        {detail === undefined ? null : <div className="group-detail">{detail}</div>}
      </div>
      {end === undefined ? null : <div className="group-end">{end}</div>}
    </div>
  );
}
