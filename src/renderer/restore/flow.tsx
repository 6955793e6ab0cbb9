import type { ReactNode } from 'react';
import { useWide } from '../app/use-wide.ts';
import { useViewFocus } from '../app/view.tsx';
import { StateMark } from '../icons/state-mark.tsx';
import './flow.css';

/** One step of a flow, and what was decided in it. */
export interface FlowStep {
  readonly name: string;
  readonly decided?: string | undefined;
  /** It came to nothing. */
  readonly isFailed?: boolean;
}

export interface FlowProps {
  /** What the flow is about: `Restore to 14:02`. */
  readonly name: string;
  readonly about: string;
  readonly steps: readonly FlowStep[];
  /** Index of the step that is shown. */
  readonly current: number;
  /** The question or the outcome. */
  readonly title: string;
  readonly lead?: ReactNode;
  /** At the bottom of the sidebar: `Plan made at 14:31`. */
  readonly when?: ReactNode;
  readonly children?: ReactNode;
  readonly foot: ReactNode;
}

/** One question after the other: the steps beside it, or above it in a narrow panel, and the way on below. */
export function Flow(props: FlowProps) {
  const wide = useWide();
  return (
    <div className={wide ? 'flow flow-wide' : 'flow'}>
      <Steps {...props} />
      {/* Another step is another question: its heading takes the focus. */}
      <Question key={props.current} {...props} />
    </div>
  );
}

function Question({ name, title, lead, children, foot }: FlowProps) {
  const heading = useViewFocus(`${title} · ${name}`);
  return (
    <main className="view flow-main">
      <div className="view-scroll flow-scroll" data-scroll>
        <header className="flow-head">
          <h1 ref={heading} tabIndex={-1} className="title1 flow-title">
            {title}
          </h1>
          {lead === undefined ? null : <p>{lead}</p>}
        </header>
        {children}
      </div>
      <footer className="view-foot flow-foot">{foot}</footer>
    </main>
  );
}

function Steps({ name, about, steps, current, when }: FlowProps) {
  const wide = useWide();
  if (!wide) {
    return (
      <aside className="flow-bar" aria-label="Steps">
        <p className="flow-name">{name}</p>
        <p className="flow-about">
          Step {current + 1} of {steps.length}: {steps[current]?.name}
        </p>
      </aside>
    );
  }
  return (
    <aside className="flow-side" aria-label="Steps">
      <div className="flow-card">
        <p className="flow-name">{name}</p>
        <p>{about}</p>
      </div>
      <ol className="flow-steps">
        {steps.map((step, index) => (
          <li
            key={step.name}
            className={index < current ? 'flow-done' : index === current ? 'flow-now' : ''}
            aria-current={index === current ? 'step' : undefined}
          >
            <span className="flow-number" aria-hidden="true">
              {index < current ? <StateMark mark={step.isFailed === true ? 'failed' : 'done'} /> : index + 1}
            </span>
            <div>
              <p className="flow-step">{step.name}</p>
              {index < current && step.decided !== undefined ? <p className="flow-decided">{step.decided}</p> : null}
            </div>
          </li>
        ))}
      </ol>
      {when === undefined ? null : <p className="flow-when">{when}</p>}
    </aside>
  );
}
