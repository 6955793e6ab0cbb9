import { useState } from 'react';
import type { ShownSettings } from '../../shared/protocol/set-up-views.ts';
import { FieldRow } from '../components/field-row.tsx';
import { fromScheduleText, type ScheduleText, toScheduleText } from './schedule-text.ts';
import { useSetting } from './use-setting.ts';

/** Snapshots by the clock, besides those by growth and change. */
export function ScheduleSetting({ shown }: { shown: ShownSettings }) {
  const kept = toScheduleText(shown.settings.watch.schedule);
  const [typed, setTyped] = useState<ScheduleText>();
  const current = typed ?? kept;
  const parsed = fromScheduleText(current);
  const text = 'text' in parsed ? parsed.text : undefined;
  const setting = useSetting('watch.schedule', text, typed !== undefined && text !== textOf(kept));
  const commit = async (next: ScheduleText) => {
    const read = fromScheduleText(next);
    if ('error' in read) return;
    if (read.text === textOf(kept) || (await setting.save(read.text === 'off' ? null : read.text))) setTyped(undefined);
  };
  const type = (next: ScheduleText) => {
    setting.forgetError();
    setTyped(next);
  };
  return (
    <div className="setting">
      <FieldRow
        label="By the clock as well"
        hint="Only if the Brain has changed since."
        error={'error' in parsed ? parsed.error : setting.error}
        note={setting.note}
      >
        {(control) => (
          <>
            <select
              {...control}
              className="field-select"
              value={current.kind}
              onChange={(event) => {
                const { value } = event.target;
                const kind = value === 'hours' || value === 'times' ? value : 'off';
                type({ ...current, kind });
                void commit({ ...current, kind });
              }}
            >
              <option value="off">Off</option>
              <option value="hours">Every few hours</option>
              <option value="times">At times of the day</option>
            </select>
            {current.kind === 'off' ? null : (
              <span className="field-box unit-box">
                <input
                  type="text"
                  autoComplete="off"
                  aria-label={current.kind === 'hours' ? 'Hours between them' : 'Times of the day'}
                  value={current.kind === 'hours' ? current.hours : current.times}
                  onChange={(event) => type({ ...current, [current.kind]: event.target.value })}
                  onBlur={() => void commit(current)}
                  onKeyDown={(event) => {
                    if (event.key === 'Enter') void commit(current);
                    if (event.key === 'Escape') setTyped(undefined);
                  }}
                />
                {current.kind === 'hours' ? <span>hours</span> : null}
              </span>
            )}
          </>
        )}
      </FieldRow>
    </div>
  );
}

function textOf(kept: ScheduleText): string | undefined {
  const read = fromScheduleText(kept);
  return 'text' in read ? read.text : undefined;
}
