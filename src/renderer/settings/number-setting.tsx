import { type KeyboardEvent, useState } from 'react';
import { formatNumber } from '../../shared/format.ts';
import type { ShownSettings } from '../../shared/protocol/set-up-views.ts';
import { FieldRow } from '../components/field-row.tsx';
import { useByteBase, useSizes } from '../components/size.tsx';
import { DefaultButton } from './default-button.tsx';
import { checkNumber, type NumberField } from './number-fields.ts';
import { fromSizeText, type SizeUnit, sizeUnits, toSizeText } from './size-text.ts';
import { useSetting } from './use-setting.ts';

/** A number with its unit: checked while it is typed, saved when the field is left or by the Enter key. */
export function NumberSetting({ field, shown }: { field: NumberField; shown: ShownSettings }) {
  const sizes = useSizes();
  const base = useByteBase();
  const { unit } = field;
  const value = field.read(shown.settings);
  const usual = field.read(shown.defaults);
  const kept = unit === 'bytes' ? toSizeText(value, base) : { number: String(value), unit: 'KB' as const };
  const [typed, setTyped] = useState<typeof kept>();
  const current = typed ?? kept;
  const parsed = unit === 'bytes' ? fromSizeText(current, base) : parseWhole(current.number);
  const show = (number: number) => (unit === 'bytes' ? sizes.bytes(number) : `${formatNumber(number)} ${unit}`);
  const wrong = typed === undefined ? undefined : checkNumber(field, parsed, sizes.bytes);
  const isChanged = typed !== undefined && parsed !== value;
  const setting = useSetting(field.key, wrong === undefined ? String(parsed) : undefined, isChanged);
  const error = wrong ?? setting.error;
  const type = (next: typeof kept) => {
    setting.forgetError();
    setTyped(next);
  };
  const commit = async (next = current) => {
    const bytes = unit === 'bytes' ? fromSizeText(next, base) : parsed;
    if (bytes === undefined || checkNumber(field, bytes, sizes.bytes) !== undefined) return;
    if (bytes === value || (await setting.save(String(bytes)))) setTyped(undefined);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') void commit();
    if (event.key === 'Escape') setTyped(undefined);
  };
  return (
    <div className="setting">
      <FieldRow label={field.label} hint={field.hint} error={error} note={setting.note}>
        {(control) => (
          <>
            {value === usual ? null : (
              <DefaultButton label={field.label} value={show(usual)} onClick={() => void setting.save(null)} />
            )}
            <span className="field-box unit-box">
              <input
                type="text"
                autoComplete="off"
                inputMode="decimal"
                {...control}
                value={current.number}
                onChange={(event) => type({ ...current, number: event.target.value })}
                onBlur={() => void commit()}
                onKeyDown={onKeyDown}
              />
              {unit === 'bytes' ? null : <span>{unit}</span>}
            </span>
            {unit === 'bytes' ? (
              <UnitSelect
                label={`Unit: ${field.label}`}
                unit={current.unit}
                onChange={(next) => {
                  type({ ...current, unit: next });
                  void commit({ ...current, unit: next });
                }}
              />
            ) : null}
          </>
        )}
      </FieldRow>
    </div>
  );
}

function UnitSelect({ label, unit, onChange }: { label: string; unit: SizeUnit; onChange: (unit: SizeUnit) => void }) {
  return (
    <select
      className="field-select"
      aria-label={label}
      value={unit}
      onChange={(event) => {
        const chosen = sizeUnits.find((one) => one === event.target.value);
        if (chosen !== undefined) onChange(chosen);
      }}
    >
      {sizeUnits.map((one) => (
        <option key={one}>{one}</option>
      ))}
    </select>
  );
}

function parseWhole(text: string): number | undefined {
  const digits = text.trim().replaceAll(',', '');
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}
