import { useState } from 'react';
import { formatCount } from '../../shared/format.ts';
import type { JobState } from '../../shared/protocol/jobs.ts';
import type { PrunePlan } from '../../shared/retention.ts';
import { useAction } from '../client/use-call.ts';
import { Button } from '../components/button.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { CleanUpDialog } from './clean-up-dialog.tsx';
import type { CleanUpJob } from './use-clean-up-job.ts';
import type { RulesState } from './use-rules.ts';

export interface CleanUpFootProps {
  readonly plan: PrunePlan | undefined;
  /** The plan for the rules as they are typed is still on its way. */
  readonly isOld: boolean;
  readonly rules: RulesState;
  readonly job: CleanUpJob;
}

/** What can be done with the plan: save its rules, carry it out; and how far that is. */
export function CleanUpFoot({ plan, isOld, rules, job }: CleanUpFootProps) {
  const [isAsking, setAsking] = useState(false);
  if (job.running !== undefined) return <Running job={job.running} />;
  const go = plan?.remove ?? [];
  const mayGo = go.length > 0 && !isOld && !rules.hasErrors;
  return (
    <>
      {rules.problem === null ? null : (
        <div className="clean-foot-error">
          <ErrorState error={rules.problem} actions={null} />
        </div>
      )}
      <p className="clean-foot-words small soft">{sentence(go.length, rules)}</p>
      {rules.isChanged || rules.hasErrors ? (
        <>
          <Button look="plain" disabled={rules.isSaving} onClick={rules.forget}>
            Put back
          </Button>
          <Button busy={rules.isSaving} disabled={rules.hasErrors} onClick={() => void rules.save()}>
            Save rules
          </Button>
        </>
      ) : null}
      {go.length === 0 ? null : (
        <Button look="primary" disabled={!mayGo} busy={job.isStarting} onClick={() => setAsking(true)}>
          Clean up {formatCount(go.length, 'snapshot')}…
        </Button>
      )}
      {isAsking && plan !== undefined ? (
        <CleanUpDialog plan={plan} rules={rules} job={job} onClose={() => setAsking(false)} />
      ) : null}
    </>
  );
}

function sentence(go: number, { hasErrors, isChanged, afterEachSnapshot }: RulesState): string {
  if (hasErrors) return 'A rule can’t be read.';
  if (go > 0) return 'What goes cannot come back.';
  if (isChanged)
    return afterEachSnapshot ? 'Saved, the rules hold from the next snapshot on.' : 'Nothing goes by saving.';
  return 'Nothing to do.';
}

function Running({ job }: { job: JobState }) {
  const cancel = useAction('cancelJob');
  const { progress } = job;
  const done = progress?.done ?? 0;
  const total = progress?.total;
  const words = total === undefined ? 'Starting' : `${done} of ${formatCount(total, 'snapshot')} gone`;
  return (
    <>
      <div className="clean-foot-words">
        <p className="small numeric" role="status">
          {job.isCancelling ? 'Cancelling' : words}
        </p>
        <ProgressBar label="Cleaning up" value={done} max={total} valueText={words} />
      </div>
      <Button disabled={!job.canCancel} busy={job.isCancelling} onClick={() => cancel.mutate({ id: job.id })}>
        Cancel
      </Button>
    </>
  );
}
