import { useMemo } from 'react';
import type { SnapshotRow } from '../../shared/protocol/status-views.ts';
import { triggerWords } from '../../shared/words.ts';
import { useCall } from '../client/use-call.ts';
import { SelectField } from '../components/field.tsx';
import { dayKey, formatClock, formatDay } from '../format/time.ts';

/** Any other snapshot, by day. */
export function AgainstSelect({ id, onChoose }: { id: string; onChoose: (id: string) => void }) {
  const rows = useCall('snapshots', {}).data;
  const days = useMemo(() => groupByDay((rows ?? []).filter((row) => row.id !== id)), [rows, id]);
  if (days.length === 0) return null;
  return (
    <SelectField
      label="Another snapshot"
      hideLabel
      value=""
      onChange={({ target }) => (target.value === '' ? undefined : onChoose(target.value))}
    >
      <option value="">Another…</option>
      {days.map(({ label, rows: ofDay }) => (
        <optgroup key={label} label={label}>
          {ofDay.map((row) => (
            <option key={row.id} value={row.id}>
              {formatClock(row.createdAt)} {triggerWords[row.trigger]}
              {row.note === '' ? '' : ` · ${row.note.slice(0, 40)}`}
            </option>
          ))}
        </optgroup>
      ))}
    </SelectField>
  );
}

function groupByDay(rows: readonly SnapshotRow[]) {
  const days = new Map<string, { label: string; rows: SnapshotRow[] }>();
  for (const row of rows) {
    const key = dayKey(row.createdAt);
    const day = days.get(key) ?? { label: formatDay(row.createdAt, Date.now()), rows: [] };
    day.rows.push(row);
    days.set(key, day);
  }
  return [...days.values()];
}
