import type { ReactNode } from 'react';
import './empty-state.css';

/** Nothing is here yet: why, and what would put something here. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <p className="head">{title}</p>
      {children === undefined ? null : <p className="empty-text">{children}</p>}
      {action === undefined ? null : <div className="empty-action">{action}</div>}
    </div>
  );
}
