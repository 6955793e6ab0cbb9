import { useState } from 'react';
import { FieldRow } from '../components/field-row.tsx';
import { DefaultButton } from './default-button.tsx';
import { useSetting } from './use-setting.ts';

export interface TextSettingProps {
  readonly name: 'brain';
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly usual: string;
}

/** A line of text: checked while it is typed, saved when the field is left or by the Enter key. */
export function TextSetting({ name, label, hint, value, usual }: TextSettingProps) {
  const [typed, setTyped] = useState<string>();
  const current = typed ?? value;
  const wrong = current.trim() === '' ? 'It can’t be empty.' : undefined;
  // In quotes, so that a name of digits stays a name.
  const text = JSON.stringify(current.trim());
  const setting = useSetting(name, wrong === undefined ? text : undefined, current.trim() !== value);
  const commit = async () => {
    if (wrong !== undefined) return;
    if (current.trim() === value || (await setting.save(text))) setTyped(undefined);
  };
  return (
    <div className="setting">
      <FieldRow label={label} hint={hint} error={wrong ?? setting.error} note={setting.note} isWide>
        {(control) => (
          <>
            <span className="field-box text-box">
              <input
                type="text"
                autoComplete="off"
                spellCheck={false}
                {...control}
                value={current}
                onChange={(event) => {
                  setting.forgetError();
                  setTyped(event.target.value);
                }}
                onBlur={() => void commit()}
                onKeyDown={(event) => {
                  if (event.key === 'Enter') void commit();
                  if (event.key === 'Escape') setTyped(undefined);
                }}
              />
            </span>
            {value === usual ? null : (
              <DefaultButton label={label} value={usual} onClick={() => void setting.save(null)} />
            )}
          </>
        )}
      </FieldRow>
    </div>
  );
}
