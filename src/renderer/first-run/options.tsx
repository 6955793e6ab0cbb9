import type { ReactNode } from 'react';
import { Group } from '../components/group.tsx';

/** A question with one answer of a few. */
export function Options({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div role="radiogroup" aria-label={label}>
      <Group>{children}</Group>
    </div>
  );
}

export interface OptionProps {
  /** The same for all answers to one question. */
  readonly name: string;
  readonly label: string;
  readonly detail: string;
  /** A size, at the end of the line. */
  readonly end?: string | undefined;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

export function Option({ name, label, detail, end, isChosen, onChoose }: OptionProps) {
  return (
    <label className="option">
      <input className="check-box check-radio" type="radio" name={name} checked={isChosen} onChange={onChoose} />
      <span className="option-words">
        <span className="option-label">{label}</span>
        <span className="option-detail">{detail}</span>
      </span>
      {end === undefined ? null : <span className="option-end numeric">{end}</span>}
    </label>
  );
}
