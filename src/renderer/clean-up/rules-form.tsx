import type { SnapshotRow } from '../../shared/protocol/status-views.ts';
import { CheckField } from '../components/field.tsx';
import { UnitField } from '../components/unit-field.tsx';
import { ruleFields } from './rules.ts';
import './rules-form.css';
import type { RulesState } from './use-rules.ts';

/** What to keep: a snapshot stays if any rule wants it. */
export function RulesForm({
  state,
  rows,
  disabled,
}: {
  state: RulesState;
  rows: readonly SnapshotRow[];
  disabled: boolean;
}) {
  return (
    <fieldset className="rules" disabled={disabled}>
      <legend className="unseen">Rules</legend>
      <h2 className="head">Keep</h2>
      <p className="rules-lead">A snapshot stays if any rule wants it. Without a rule all stay.</p>
      {ruleFields.map(({ key, label, unit }) => {
        const was = state.saved[key];
        const isChanged = state.texts[key] !== was;
        return (
          <UnitField
            key={key}
            label={label}
            unit={unitFor(unit, state.texts[key])}
            value={state.texts[key]}
            placeholder="–"
            error={state.errors[key]}
            note={isChanged ? `was ${was === '' ? 'not set' : `${was} ${unitFor(unit, was)}`}` : undefined}
            onChange={(event) => state.setText(key, event.target.value)}
          />
        );
      })}
      <h2 className="head">Always stays</h2>
      <Always rows={rows} />
      <h2 className="head">When</h2>
      <CheckField
        label="After each snapshot"
        detail="By these rules, without asking."
        checked={state.afterEachSnapshot}
        onChange={(event) => state.setAfterEachSnapshot(event.target.checked)}
      />
    </fieldset>
  );
}

/** `1 day`, `2 days`. */
function unitFor(unit: string, text: string): string {
  return text.trim() === '1' && unit.endsWith('s') ? unit.slice(0, -1) : unit;
}

function Always({ rows }: { rows: readonly SnapshotRow[] }) {
  const pinned = rows.filter((row) => row.pinned).length;
  const safety = rows.filter(({ trigger }) => trigger === 'pre-restore').length;
  return (
    <dl className="rules-always">
      <dt>Pinned</dt>
      <dd>{pinned === 0 ? '–' : pinned}</dd>
      <dt>Taken before a restore, for 30 days</dt>
      <dd>{safety === 0 ? '–' : safety}</dd>
      <dt>The newest good Brain and code</dt>
      <dd />
    </dl>
  );
}
