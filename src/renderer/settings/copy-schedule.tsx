import { copySchedules } from '../../shared/copies.ts';
import type { CopySettings } from '../../shared/settings.ts';
import { useAction } from '../client/use-call.ts';
import { ErrorState } from '../components/error-state.tsx';

const words = { afterEach: 'After each snapshot', daily: 'Daily' } as const;

/** When the watcher brings a copy up to date; saved as soon as it is chosen. */
export function CopySchedule({ copy: { name, schedule } }: { copy: Pick<CopySettings, 'name' | 'schedule'> }) {
  const change = useAction('changeCopySchedule');
  const choose = (value: string) => {
    const chosen = copySchedules.find((one) => one === value);
    if (chosen !== undefined) change.mutate({ name, schedule: chosen });
  };
  return (
    <>
      <select
        className="field-select"
        aria-label={`When ${name} is brought up to date`}
        value={change.isPending ? change.variables.schedule : schedule}
        onChange={({ target }) => choose(target.value)}
      >
        {copySchedules.map((one) => (
          <option key={one} value={one}>
            {words[one]}
          </option>
        ))}
      </select>
      {change.isError ? <ErrorState error={change.error} /> : null}
    </>
  );
}
