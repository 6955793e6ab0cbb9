import { type ReactNode, useMemo, useState } from 'react';
import type { SnapshotRow } from '../../shared/protocol/status-views.ts';
import { useWide } from '../app/use-wide.ts';
import { View } from '../app/view.tsx';
import { useCall } from '../client/use-call.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { CleanUpFoot } from './clean-up-foot.tsx';
import './clean-up.css';
import { FateList } from './fate-list.tsx';
import { alarmOf, fatesOf } from './fates.ts';
import { PlanSummary } from './plan-summary.tsx';
import type { KeptRules } from './rules.ts';
import { RulesForm } from './rules-form.tsx';
import { useCleanUpJob } from './use-clean-up-job.ts';
import { useRules } from './use-rules.ts';

/** Rules at one side, what they would do at the other; below, the way to do it. */
export function CleanUpPlan({ saved, rows }: { saved: KeptRules; rows: readonly SnapshotRow[] }) {
  const wide = useWide();
  const state = useRules(saved);
  const job = useCleanUpJob();
  const plan = useCall('planPrune', { rules: state.rules }, { keepPrevious: true });
  const fates = useMemo(() => (plan.data === undefined ? [] : fatesOf(plan.data, rows)), [plan.data, rows]);
  const form = <RulesForm state={state} rows={rows} disabled={state.isSaving || job.running !== undefined} />;
  if (rows.length === 0) {
    return (
      <View title="Clean up">
        <EmptyState title="There is nothing to clean up">
          Here you say which snapshots stay once there are some. Until then every one does.
        </EmptyState>
      </View>
    );
  }
  const summary =
    plan.data === undefined ? (
      <div className="clean-summary">
        {plan.error === null ? (
          <Loading label="Making the plan" />
        ) : (
          <ErrorState error={plan.error} actions={null} onRetry={() => void plan.refetch()} />
        )}
      </div>
    ) : (
      <PlanSummary plan={plan.data} fates={fates} alarm={alarmOf(plan.data)} job={job} />
    );
  const list = fates.length === 0 ? null : <FateList fates={fates} />;
  return (
    <View
      title="Clean up"
      scroll={!wide}
      foot={<CleanUpFoot plan={plan.data} isOld={plan.isPlaceholderData} rules={state} job={job} />}
    >
      {wide ? (
        <div className="clean-columns">
          <div className="view-scroll clean-rules">{form}</div>
          <div className="view-scroll" data-scroll>
            {summary}
            {list}
          </div>
        </div>
      ) : (
        <>
          {summary}
          {plan.isPending ? null : <Disclosed isOpenAtFirst={fates.every(({ stays }) => stays)}>{form}</Disclosed>}
          {list}
        </>
      )}
    </View>
  );
}

/** In a narrow panel the rules are folded away once they do something, so that the list is in reach. */
function Disclosed({ isOpenAtFirst, children }: { isOpenAtFirst: boolean; children: ReactNode }) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <details className="clean-disclosed" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="head">Rules</summary>
      {children}
    </details>
  );
}
