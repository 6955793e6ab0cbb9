import { type ReactNode, useId } from 'react';
import './field-row.css';

/** What the control of a row has to carry, so that its label and its notes are read with it. */
export interface FieldRowControl {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

export interface FieldRowProps {
  readonly label: ReactNode;
  /** A sentence below the label. */
  readonly hint?: ReactNode;
  /** What is wrong with the value; announced, and read with the control. */
  readonly error?: string | undefined;
  /** A word below the control: what it was, that it is saved. Announced when it changes. */
  readonly note?: ReactNode;
  /** The control takes the whole width, below its label. */
  readonly isWide?: boolean;
  readonly children: (control: FieldRowControl) => ReactNode;
}

/** A control at the end of its label's line. */
export function FieldRow({ label, hint, error, note, isWide = false, children }: FieldRowProps) {
  const id = useId();
  const ids = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(Boolean);
  return (
    <div className={isWide ? 'field-row field-row-wide' : 'field-row'}>
      <div className="field-row-line">
        <div className="field-row-words">
          <label htmlFor={id}>{label}</label>
          {hint === undefined ? null : (
            <p id={`${id}-hint`} className="field-row-hint">
              {hint}
            </p>
          )}
        </div>
        <div className="field-row-control">
          {children({
            id,
            ...(ids.length === 0 ? {} : { 'aria-describedby': ids.join(' ') }),
            ...(error === undefined ? {} : { 'aria-invalid': true }),
          })}
        </div>
      </div>
      <p id={`${id}-error`} className="field-row-error" aria-live="polite">
        {error}
      </p>
      <p className="field-row-note" aria-live="polite">
        {note}
      </p>
    </div>
  );
}
