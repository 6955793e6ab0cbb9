import { formatCount, formatNumber } from '../../shared/format.ts';
import type { PrunePlan } from '../../shared/retention.ts';
import { links } from '../app/routes.ts';
import { useAction, useCall } from '../client/use-call.ts';
import { Button } from '../components/button.tsx';
import { Callout } from '../components/callout.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { useSizes } from '../components/size.tsx';
import { useNow } from '../components/use-now.ts';
import { formatDate } from '../format/time.ts';
import { CleanUpOutcome } from './clean-up-outcome.tsx';
import { FatePicture } from './fate-picture.tsx';
import type { Fate } from './fates.ts';
import './plan-summary.css';
import type { CleanUpJob } from './use-clean-up-job.ts';

export interface PlanSummaryProps {
  readonly plan: PrunePlan;
  readonly fates: readonly Fate[];
  readonly alarm: string | null;
  readonly job: CleanUpJob;
}

/** The plan in one sentence and one picture. Conditional: nothing has gone yet. */
export function PlanSummary({ plan, fates, alarm, job }: PlanSummaryProps) {
  const sizes = useSizes();
  const now = useNow(60_000);
  const { keep, remove, freedBytes } = plan;
  const all = keep.length + remove.length;
  const oldest = fates.findLast(({ stays }) => stays);
  return (
    <div className="clean-summary">
      {alarm === null ? null : <StandingAlarm message={alarm} />}
      <CleanUpOutcome job={job} />
      <div aria-live="polite">
        <h2 className="title1 numeric">
          {remove.length === 0
            ? `All ${formatNumber(all)} stay`
            : `${formatNumber(remove.length)} of ${formatCount(all, 'snapshot')} would go`}
        </h2>
        <p className="clean-lead">
          {remove.length === 0
            ? nothingGoes(plan, alarm)
            : `This frees ${sizes.bytes(freedBytes)}.${
                oldest === undefined ? '' : ` The oldest that stays is of ${formatDate(oldest.row.createdAt, now)}.`
              }`}
        </p>
      </div>
      {remove.length === 0 ? null : <Weigh plan={plan} />}
      {remove.length === 0 ? null : <FatePicture fates={fates} now={now} />}
    </div>
  );
}

function nothingGoes({ keep }: PrunePlan, alarm: string | null): string {
  if (alarm !== null) return 'While an alarm stands, nothing is cleaned up, whatever the rules say.';
  const hasRules = keep.some(({ reasons }) => !reasons.includes('no rule is set'));
  return hasRules ? 'The rules want every one of them.' : 'No rule is set. Set one to see what would go.';
}

/** What stays against what goes, by its size. */
function Weigh({ plan: { keep, remove, freedBytes } }: { plan: PrunePlan }) {
  const sizes = useSizes();
  const { data: status } = useCall('status', {});
  const used = status?.disk.usedBytes;
  const stays = used === undefined ? undefined : Math.max(0, used - freedBytes);
  const size = stays === undefined ? '' : `, ${sizes.bytes(stays)}`;
  return (
    <>
      <div className="weigh" aria-hidden="true">
        <span className="weigh-stay" style={{ flexGrow: stays ?? keep.length }} />
        <span className="weigh-go" style={{ flexGrow: stays === undefined ? remove.length : freedBytes }} />
      </div>
      <p className="weigh-key numeric">
        <span>
          <span className="square square-stay" />
          {formatNumber(keep.length)} stay{size}
        </span>
        <span>
          <span className="square square-go" />
          {formatNumber(remove.length)} go, {sizes.bytes(freedBytes)}
        </span>
      </p>
    </>
  );
}

function StandingAlarm({ message }: { message: string }) {
  const { data: status } = useCall('status', {});
  const acknowledge = useAction('acknowledge');
  const alarm = status?.alarm ?? null;
  return (
    <Callout
      title={message}
      actions={
        alarm === null ? undefined : (
          <>
            <a className="button button-regular button-small" href={links.snapshot(alarm.good, 'changes')}>
              Look at what is missing
            </a>
            <Button size="small" busy={acknowledge.isPending} onClick={() => acknowledge.mutate({})}>
              It is meant to be so
            </Button>
          </>
        )
      }
    >
      {alarm === null
        ? 'Take a snapshot once that is put right; then the rules hold again.'
        : 'Restore what is missing, or say that it is meant to be so; then the rules hold again.'}
      {acknowledge.isError ? <ErrorState error={acknowledge.error} /> : null}
    </Callout>
  );
}
