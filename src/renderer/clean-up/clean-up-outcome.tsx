import { formatCount } from '../../shared/format.ts';
import { Button } from '../components/button.tsx';
import { Callout } from '../components/callout.tsx';
import { CopyDetails, ErrorState } from '../components/error-state.tsx';
import { useSizes } from '../components/size.tsx';
import type { CleanUpJob } from './use-clean-up-job.ts';

/** What came of the last clean-up that was begun here. */
export function CleanUpOutcome({ job }: { job: CleanUpJob }) {
  const sizes = useSizes();
  const { ended } = job;
  const away = (
    <Button size="small" onClick={job.forget}>
      Put away
    </Button>
  );
  if (job.error !== null) return <ErrorState error={job.error} actions={away} />;
  if (ended === undefined) return null;
  if (ended.state === 'cancelled') {
    return (
      <Callout tone="plain" role="status" title="Cleaning up was cancelled" actions={away}>
        What had gone by then stays gone. The rest is below, as before.
      </Callout>
    );
  }
  if (ended.error !== null) {
    return (
      <Callout
        tone="failed"
        role="alert"
        title={ended.error.message}
        actions={
          <>
            {away}
            <CopyDetails report={ended.error} />
          </>
        }
      >
        {ended.error.hint}
      </Callout>
    );
  }
  if (ended.result?.kind !== 'prune') return null;
  const { remove, freedBytes } = ended.result.plan;
  const title = remove.length === 0 ? 'Nothing had to go' : `${formatCount(remove.length, 'snapshot')} gone`;
  return (
    <Callout tone="ok" role="status" title={title} actions={away}>
      {remove.length === 0 ? 'All of them had become wanted meanwhile.' : `${sizes.bytes(freedBytes)} are free again.`}
    </Callout>
  );
}
