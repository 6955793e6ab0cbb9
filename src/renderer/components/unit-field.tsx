import type { ComponentPropsWithRef } from 'react';
import { FieldRow, type FieldRowProps } from './field-row.tsx';

export interface UnitFieldProps
  extends Omit<FieldRowProps, 'children' | 'isWide'>,
    Pick<
      ComponentPropsWithRef<'input'>,
      'value' | 'onChange' | 'onBlur' | 'onKeyDown' | 'placeholder' | 'disabled' | 'inputMode'
    > {
  /** Read with the field, and shown after the number. */
  readonly unit: string;
}

/** A number with its unit, at the end of its label's line. */
export function UnitField({ label, hint, error, note, unit, inputMode = 'decimal', ...input }: UnitFieldProps) {
  return (
    <FieldRow
      label={
        <>
          {label}
          <span className="unseen"> ({unit})</span>
        </>
      }
      hint={hint}
      error={error}
      note={note}
    >
      {(control) => (
        <span className="field-box unit-box">
          <input type="text" autoComplete="off" inputMode={inputMode} {...control} {...input} />
          <span aria-hidden="true">{unit}</span>
        </span>
      )}
    </FieldRow>
  );
}
