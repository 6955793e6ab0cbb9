import type { ReactNode } from 'react';
import { StateMark } from '../icons/state-mark.tsx';
import './callout.css';

export interface CalloutProps {
  readonly tone?: 'attention' | 'failed' | 'ok' | 'plain';
  /** The cause, in bold. */
  readonly title: ReactNode;
  /** A sentence or two: what is still safe, what to do. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Announced when it appears: `alert` at once, `status` when there is a pause. */
  readonly role?: 'alert' | 'status';
}

const marks = { attention: 'attention', failed: 'failed', ok: 'done', plain: 'wait' } as const;

/** One thing that the user should know here, with what can be done about it. */
export function Callout({ tone = 'attention', title, children, actions, role }: CalloutProps) {
  return (
    <section className={`callout callout-${tone}`} {...(role === undefined ? {} : { role })}>
      <StateMark mark={marks[tone]} />
      <div className="callout-words">
        <p className="callout-title">{title}</p>
        {children === undefined ? null : <div className="callout-text">{children}</div>}
      </div>
      {actions === undefined ? null : <div className="callout-actions">{actions}</div>}
    </section>
  );
}
