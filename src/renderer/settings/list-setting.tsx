import { X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { formatCount } from '../../shared/format.ts';
import { Button, IconButton } from '../components/button.tsx';
import { Field } from '../components/field.tsx';
import { VirtualList } from '../components/virtual-list.tsx';
import { useSetting } from './use-setting.ts';

export interface ListSettingProps {
  readonly name: 'include' | 'exclude';
  readonly label: string;
  readonly hint: string;
  /** Of the line that adds one. */
  readonly addLabel: string;
  readonly placeholder: string;
  readonly entries: readonly string[];
  /** The list may not be empty. */
  readonly needsOne?: boolean;
}

/** A list of paths or patterns: each can be taken out, one can be added. Every change is saved at once. */
export function ListSetting({ name, label, hint, addLabel, placeholder, entries, needsOne = false }: ListSettingProps) {
  const [typed, setTyped] = useState('');
  const entry = typed.trim();
  const isKnown = entries.includes(entry);
  const text = entry === '' || isKnown ? undefined : JSON.stringify([...entries, entry]);
  const setting = useSetting(name, text, text !== undefined);
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (text !== undefined && (await setting.save(text))) setTyped('');
  };
  const remove = (gone: string) => {
    const left = entries.filter((one) => one !== gone);
    void setting.save(left.length === 0 ? null : JSON.stringify(left));
  };
  return (
    <div className="setting list-setting">
      <p>{label}</p>
      <p className="field-row-hint">{hint}</p>
      <div className="list-entries" data-scroll>
        {entries.length === 0 ? <p className="list-none">Nothing.</p> : null}
        <VirtualList
          label={`${label}: ${formatCount(entries.length, 'line')}`}
          items={entries}
          keyOf={(one) => one}
          estimateRem={() => 1.75}
          render={(one) => (
            <div className="list-entry">
              <code>{one}</code>
              <IconButton
                label={`Take out ${one}`}
                icon={<X aria-hidden />}
                disabled={needsOne && entries.length === 1}
                onClick={() => remove(one)}
              />
            </div>
          )}
        />
      </div>
      <form className="list-add" onSubmit={(event) => void add(event)}>
        <Field
          label={addLabel}
          hideLabel
          placeholder={placeholder}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          error={isKnown ? 'It is in the list already.' : setting.error}
          onChange={(event) => {
            setting.forgetError();
            setTyped(event.target.value);
          }}
        />
        <Button size="small" type="submit" busy={setting.isSaving} disabled={text === undefined}>
          Add
        </Button>
      </form>
      <p className="field-row-note" aria-live="polite">
        {setting.note}
      </p>
    </div>
  );
}
