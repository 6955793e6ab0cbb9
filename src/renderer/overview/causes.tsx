import type { ErrorReport } from '../../shared/app-error.ts';
import type { PanelStatus } from '../../shared/protocol/status-views.ts';
import type { StateReason } from '../../shared/results.ts';
import { type ErrorWay, errorWay } from '../app/error-ways.ts';
import { links } from '../app/routes.ts';
import { useAction } from '../client/use-call.ts';
import { useStartJob } from '../client/use-jobs.ts';
import { Button } from '../components/button.tsx';
import { Callout } from '../components/callout.tsx';
import { CopyDetails, ErrorState } from '../components/error-state.tsx';
import { useNow } from '../components/use-now.ts';
import { formatMoment } from '../format/time.ts';
import './causes.css';

/** Why the state is what it is: each cause with what is still safe and what can be done about it. */
export function Causes({ status }: { status: PanelStatus }) {
  const { interrupted, alarm, failing, watching, problems } = status;
  const told = new Set([alarm?.message, failing?.error.message, ...problems.map(({ message }) => message)]);
  const others = status.reasons.filter(
    ({ code, message }) =>
      !(code === 'restore-interrupted' && interrupted.length > 0) &&
      !told.has(message) &&
      !told.has(withoutLead(message)),
  );
  // The headline and the button beside it have said this already.
  const rest = status.snapshots === 0 ? [] : others;
  const isEmpty =
    [interrupted, problems, rest].every(({ length }) => length === 0) && alarm === null && failing === null;
  if (isEmpty && (watching.kind === 'here' || watching.kind === 'elsewhere')) return null;
  return (
    <div className="causes">
      {interrupted.length === 0 ? null : <Interrupted />}
      {failing === null ? null : <Failing failing={failing} />}
      {alarm === null ? null : <AlarmCallout alarm={alarm} />}
      {problems.map((error) => (
        <Callout key={`${error.code} ${error.message}`} title={error.message} actions={<WayOut error={error} />}>
          {error.hint}
        </Callout>
      ))}
      {rest.map((reason) => (
        <Reason key={reason.message} reason={reason} />
      ))}
      <NotWatching watching={watching} />
    </div>
  );
}

function Interrupted() {
  const start = useStartJob();
  return (
    <Callout
      tone="failed"
      title="A restore was interrupted"
      actions={
        <Button size="small" busy={start.isPending} onClick={() => start.mutate({ job: { kind: 'recover' } })}>
          Finish or roll back
        </Button>
      }
    >
      Nothing is lost. It is finished where it was past its last step, and rolled back where it was not.
      {start.isError ? <ErrorState error={start.error} /> : null}
    </Callout>
  );
}

function Failing({ failing }: { failing: NonNullable<PanelStatus['failing']> }) {
  return (
    <Callout tone="failed" title={failing.error.message} actions={<WayOut error={failing.error} isPrimary />}>
      {failing.error.hint}
    </Callout>
  );
}

function WayOut({ error, isPrimary = false }: { error: ErrorReport; isPrimary?: boolean }) {
  const way = errorWay(error.code);
  return (
    <>
      {way === undefined ? null : (
        <a className={`button button-${isPrimary ? 'primary' : 'regular'} button-small`} href={way.href}>
          {way.label}
        </a>
      )}
      <CopyDetails report={error} />
    </>
  );
}

function AlarmCallout({ alarm }: { alarm: NonNullable<PanelStatus['alarm']> }) {
  const acknowledge = useAction('acknowledge');
  return (
    <Callout
      title={alarm.message}
      actions={
        <>
          <a className="button button-regular button-small" href={links.snapshot(alarm.good, 'changes')}>
            Look at what is missing
          </a>
          <Button size="small" busy={acknowledge.isPending} onClick={() => acknowledge.mutate({})}>
            It is meant to be so
          </Button>
        </>
      }
    >
      The snapshot before it still has them, and is pinned. Nothing is cleaned up meanwhile.
      {acknowledge.isError ? <ErrorState error={acknowledge.error} /> : null}
    </Callout>
  );
}

/** Hints are written for the command line; where the panel has a view for it, it has a button instead. */
function Reason({ reason }: { reason: StateReason }) {
  const way = wayOfReason(reason);
  return (
    <Callout
      title={reason.message}
      actions={
        way === undefined ? undefined : (
          <a className="button button-regular button-small" href={way.href}>
            {way.label}
          </a>
        )
      }
    >
      {way === undefined && !reason.hint.includes('"codex-backup ') ? reason.hint : undefined}
    </Callout>
  );
}

function wayOfReason({ code, snapshot }: StateReason): ErrorWay | undefined {
  if (code === 'low-space') return { label: 'Clean up…', href: links.cleanUp() };
  if (code === 'coverage-open') return { label: 'Choose what to add…', href: links.settings() };
  if (code === 'backups-missing') return { label: 'Settings', href: links.settings() };
  return snapshot === undefined ? undefined : { label: 'Look inside', href: links.snapshot(snapshot) };
}

function NotWatching({ watching }: { watching: PanelStatus['watching'] }) {
  const resume = useAction('resumeWatching');
  const now = useNow(60_000);
  if (watching.kind === 'here' || watching.kind === 'elsewhere') return null;
  if (watching.kind === 'off') {
    return (
      <Callout
        title="Nobody watches the Brain"
        actions={watching.error === null ? undefined : <WayOut error={watching.error} />}
      >
        {watching.error?.message ?? 'Snapshots are taken only when you ask.'}
      </Callout>
    );
  }
  const until = watching.until === null ? 'until you go on' : `until ${formatMoment(watching.until, now)}`;
  return (
    <Callout
      tone="plain"
      title={`Watching is paused ${until}`}
      actions={
        <Button size="small" busy={resume.isPending} onClick={() => resume.mutate({})}>
          Go on
        </Button>
      }
    >
      Snapshots are taken only when you ask.
    </Callout>
  );
}

/** `The last attempt failed. Disk is full…` says what the failing error says. */
function withoutLead(message: string): string {
  return message.replace(/^The last attempt failed\. /, '');
}
