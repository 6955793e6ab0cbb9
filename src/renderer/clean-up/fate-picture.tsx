import { capitalise } from '../../shared/words.ts';
import { formatDate } from '../format/time.ts';
import './fate-picture.css';
import { fateColumns } from './fate-columns.ts';
import type { Fate } from './fates.ts';

const mostColumns = 60;
const widestRem = 2;
/** Fewer say nothing that the numbers don't. */
const fewestColumns = 4;

/** How many stay and go over time, newest at the right. */
export function FatePicture({ fates, now }: { fates: readonly Fate[]; now: number }) {
  const { unit, columns } = fateColumns(fates, now, mostColumns);
  const highest = Math.max(1, ...columns.map(({ stay, go }) => stay + go));
  const date = (ms: number | undefined) => (ms === undefined ? '' : formatDate(new Date(ms).toISOString(), now));
  const middle = columns[Math.floor(columns.length / 2)];
  const stay = fates.filter(({ stays }) => stays).length;
  const label = `Snapshots per ${unit} since ${date(columns[0]?.fromMs)}. ${stay} stay, ${fates.length - stay} would go.`;
  if (columns.length < fewestColumns) return null;
  return (
    <figure className="fate-picture" style={{ maxWidth: `${columns.length * widestRem}rem` }}>
      <div className="fate-columns" role="img" aria-label={label}>
        {columns.map((column) => (
          <span
            key={column.fromMs}
            className="fate-column"
            title={`${capitalise(unit)} of ${date(column.fromMs)}: ${column.stay} stay, ${column.go} go`}
          >
            <span className="fate-go" style={{ height: `${(column.go / highest) * 100}%` }} hidden={column.go === 0} />
            <span
              className="fate-stay"
              style={{ height: `${(column.stay / highest) * 100}%` }}
              hidden={column.stay === 0}
            />
          </span>
        ))}
      </div>
      <figcaption className="fate-axis numeric" aria-hidden="true">
        <span>{date(columns[0]?.fromMs)}</span>
        <span>{columns.length < 6 ? '' : date(middle?.fromMs)}</span>
        <span>Today</span>
      </figcaption>
    </figure>
  );
}
