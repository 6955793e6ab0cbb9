import { type ComponentPropsWithRef, type ReactNode, useId } from 'react';
import './field.css';

interface FieldFrame {
  readonly label: string;
  /** The label is for screen readers only. */
  readonly hideLabel?: boolean;
  /** A sentence below the field. */
  readonly hint?: ReactNode;
  /** What is wrong with the value; announced, and read with the field. */
  readonly error?: string | undefined;
}

export interface FieldProps extends FieldFrame, Omit<ComponentPropsWithRef<'input'>, 'size'> {
  readonly icon?: ReactNode;
  /** After the input: a unit, a button. */
  readonly end?: ReactNode;
}

/** A line of text with its label. */
export function Field({ label, hideLabel = false, hint, error, icon, end, ...input }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label className={hideLabel ? 'unseen' : 'field-label'} htmlFor={id}>
        {label}
      </label>
      <div className="field-box">
        {icon}
        <input id={id} {...input} {...describe(id, hint, error)} />
        {end}
      </div>
      <FieldNotes id={id} hint={hint} error={error} />
    </div>
  );
}

export interface TextAreaProps extends FieldFrame, ComponentPropsWithRef<'textarea'> {}

/** Several lines of text with their label. */
export function TextArea({ label, hideLabel = false, hint, error, ...area }: TextAreaProps) {
  const id = useId();
  return (
    <div className="field">
      <label className={hideLabel ? 'unseen' : 'field-label'} htmlFor={id}>
        {label}
      </label>
      <div className="field-box field-area">
        <textarea id={id} rows={3} {...area} {...describe(id, hint, error)} />
      </div>
      <FieldNotes id={id} hint={hint} error={error} />
    </div>
  );
}

export interface SelectFieldProps extends FieldFrame, ComponentPropsWithRef<'select'> {}

/** One of many; the options are the children. */
export function SelectField({ label, hideLabel = false, hint, error, children, ...select }: SelectFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label className={hideLabel ? 'unseen' : 'field-label'} htmlFor={id}>
        {label}
      </label>
      <select className="field-select" id={id} {...select} {...describe(id, hint, error)}>
        {children}
      </select>
      <FieldNotes id={id} hint={hint} error={error} />
    </div>
  );
}

export interface CheckFieldProps extends Omit<ComponentPropsWithRef<'input'>, 'type'> {
  readonly kind?: 'checkbox' | 'radio';
  readonly label: ReactNode;
  readonly detail?: ReactNode;
}

/** A box or a radio button with its words beside it. */
export function CheckField({ kind = 'checkbox', label, detail, ...input }: CheckFieldProps) {
  return (
    <label className="check-field">
      <input className={`check-box check-${kind}`} {...input} type={kind} />
      <span>
        {label}
        {detail === undefined ? null : <span className="check-detail">{detail}</span>}
      </span>
    </label>
  );
}

function FieldNotes({ id, hint, error }: { id: string; hint: ReactNode; error: string | undefined }) {
  return (
    <>
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      <p id={`${id}-error`} className="field-error" aria-live="polite">
        {error}
      </p>
    </>
  );
}

function describe(id: string, hint: ReactNode, error: string | undefined) {
  const ids = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(Boolean);
  return {
    ...(ids.length === 0 ? {} : { 'aria-describedby': ids.join(' ') }),
    ...(error === undefined ? {} : { 'aria-invalid': true }),
  };
}
