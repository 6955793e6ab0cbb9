import { type ReactNode, useId } from 'react';
import './section.css';

export interface SectionProps {
  readonly title: string;
  /** After the title. */
  readonly lead?: ReactNode;
  /** At the end of the heading's line. */
  readonly note?: ReactNode;
  readonly isBad?: boolean;
  readonly children: ReactNode;
}

/** A part of the overview, with a line above it. */
export function Section({ title, lead, note, isBad = false, children }: SectionProps) {
  const id = useId();
  return (
    <section className="section" aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id} className="head">
          {title}
        </h2>
        {lead === undefined ? null : <div className="section-note section-lead">{lead}</div>}
        {note === undefined ? null : <div className={isBad ? 'section-note text-bad' : 'section-note'}>{note}</div>}
      </div>
      {children}
    </section>
  );
}
