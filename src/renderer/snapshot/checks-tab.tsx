import type { ReactNode } from 'react';
import { formatCount, formatDuration, formatNumber } from '../../shared/format.ts';
import type { SkipReason } from '../../shared/model.ts';
import type { JobState } from '../../shared/protocol/jobs.ts';
import type { ShownSnapshot } from '../../shared/protocol/snapshot-views.ts';
import type { CheckRecord } from '../../shared/results.ts';
import { useAction } from '../client/use-call.ts';
import { useJobs, useStartJob } from '../client/use-jobs.ts';
import { Button } from '../components/button.tsx';
import { Callout } from '../components/callout.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { RelativeTime } from '../components/relative-time.tsx';
import { useSizes } from '../components/size.tsx';
import { useNow } from '../components/use-now.ts';
import { progressWords } from '../format/progress-words.ts';
import { type Mark, StateMark } from '../icons/state-mark.tsx';
import './checks-tab.css';
import { snapshotProofs } from './snapshot-proofs.ts';

/** What is proven of a snapshot, since when, and the buttons to prove it again. */
export function ChecksTab({ snapshot }: { snapshot: ShownSnapshot }) {
  const sizes = useSizes();
  return (
    <div className="sheet" data-scroll>
      <section aria-label="Proven when it was taken">
        <ul>
          {snapshotProofs(snapshot, sizes).map((proof) => (
            <Check key={proof.title} mark={proof.mark} title={proof.title} end={proof.at}>
              {proof.text}
            </Check>
          ))}
        </ul>
      </section>
      <Again snapshot={snapshot} kind="verify" title="Verification" button="Verify now">
        Reads every byte of the snapshot back and compares it with what was written down.
      </Again>
      <Again snapshot={snapshot} kind="drill" title="Drill" button="Try a restore">
        Restores everything into scratch space, opens the Brain there and compares every file. Your Codex is not
        touched.
      </Again>
      <LeftOut snapshot={snapshot} />
    </div>
  );
}

function Check({
  mark,
  title,
  end,
  children,
}: {
  mark: Mark;
  title: string;
  end?: string | undefined;
  children: ReactNode;
}) {
  return (
    <li className="check">
      <StateMark mark={mark} />
      <div className="check-words">
        <p className="check-title">{title}</p>
        <p className="check-text">{children}</p>
      </div>
      {end === undefined ? null : (
        <span className="check-end">
          <RelativeTime iso={end} as="moment" />
        </span>
      )}
    </li>
  );
}

interface AgainProps {
  readonly snapshot: ShownSnapshot;
  readonly kind: 'verify' | 'drill';
  readonly title: string;
  readonly button: string;
  readonly children: ReactNode;
}

/** One kind of check: its records, newest first, and the button that does it now. */
function Again({ snapshot, kind, title, button, children }: AgainProps) {
  const { id } = snapshot;
  const start = useStartJob();
  const jobs = useJobs().filter((job) => job.kind === kind && (job.ids.length === 0 || job.ids.includes(id)));
  const running = jobs.find(({ state }) => state === 'running');
  const last = jobs.findLast(({ state }) => state !== 'running');
  const records = snapshot.checks.filter((check) => check.kind === kind).reverse();
  const begin = () => start.mutate({ job: kind === 'verify' ? { kind, ids: [id] } : { kind, id } });
  return (
    <section aria-label={title}>
      <div className="sheet-head">
        <h2 className="head">{title}</h2>
        <Button size="small" busy={running !== undefined || start.isPending} onClick={begin}>
          {button}
        </Button>
      </div>
      {start.isError ? <ErrorState error={start.error} /> : null}
      {running === undefined ? null : <Running job={running} />}
      {running === undefined && last !== undefined ? <Problems job={last} id={id} /> : null}
      {records.length === 0 ? null : (
        <ul>
          {records.slice(0, 20).map((record) => (
            <Record key={record.at} record={record} />
          ))}
        </ul>
      )}
      <p className="sheet-note">{children}</p>
    </section>
  );
}

function Running({ job }: { job: JobState }) {
  const sizes = useSizes();
  const words = progressWords(job, useNow(1000), sizes);
  const cancel = useAction('cancelJob');
  return (
    <div className="check-running">
      <div className="check-running-line">
        <span>{[words.phase, words.share, words.left].filter(Boolean).join(' · ')}</span>
        {job.canCancel ? (
          <Button size="small" busy={job.isCancelling} onClick={() => cancel.mutate({ id: job.id })}>
            Cancel
          </Button>
        ) : null}
      </div>
      <ProgressBar
        label={words.phase}
        value={job.progress?.done ?? 0}
        max={job.progress?.total}
        valueText={words.share}
      />
    </div>
  );
}

/** What the check that has just ended found. */
function Problems({ job, id }: { job: JobState; id: string }) {
  if (job.error !== null) return <ErrorState error={job.error} />;
  const problems =
    job.result?.kind === 'verify'
      ? (job.result.results.find((one) => one.id === id)?.problems ?? [])
      : job.result?.kind === 'drill'
        ? job.result.result.problems
        : [];
  if (problems.length === 0) return null;
  return (
    <Callout tone="failed" title={formatCount(problems.length, 'problem')} role="alert">
      <ul className="check-problems">
        {problems.slice(0, 50).map(({ file, message }) => (
          <li key={`${file} ${message}`}>
            <b>{file}</b> {message}
          </li>
        ))}
      </ul>
    </Callout>
  );
}

function Record({ record }: { record: CheckRecord }) {
  const what = record.kind === 'verify' ? 'Every byte is as it was written' : 'It came back whole';
  return (
    <Check
      mark={record.ok ? 'ok' : 'failed'}
      title={record.ok ? what : formatCount(record.problems, 'problem')}
      end={record.at}
    >
      {record.kind === 'verify' ? 'Read back' : 'Trial restore'} in {formatDuration(record.durationMs)}
    </Check>
  );
}

const reasons: Readonly<Record<SkipReason, string>> = {
  unreadable: 'could not be read',
  vanished: 'was gone before it was read',
  special: 'is no file: a socket, a pipe or a device',
  name: 'has a name that is not UTF-8',
  replaced: 'became something else while it was read',
};

/** What is in no part of the snapshot, and why. */
function LeftOut({ snapshot }: { snapshot: ShownSnapshot }) {
  const { skipped, warnings, envFiles } = snapshot;
  if (skipped.length + warnings.length + envFiles.length === 0) return null;
  return (
    <section aria-label="Left out">
      <div className="sheet-head">
        <h2 className="head">Left out</h2>
      </div>
      <ul>
        {warnings.map(({ code, message }) => (
          <Check key={`${code} ${message}`} mark="attention" title={message}>
            {code}
          </Check>
        ))}
        {skipped.slice(0, 100).map(({ path, reason, detail }) => (
          <Check key={path} mark={reason === 'vanished' || reason === 'special' ? 'wait' : 'attention'} title={path}>
            {reasons[reason]}
            {detail === undefined ? '' : ` (${detail})`}
          </Check>
        ))}
        {envFiles.slice(0, 100).map(({ path, keys }) => (
          <Check key={path} mark="wait" title={path}>
            Secrets stay where they are; {keyWords(keys)}
          </Check>
        ))}
      </ul>
      {skipped.length > 100 ? <p className="sheet-note">And {formatNumber(skipped.length - 100)} more.</p> : null}
    </section>
  );
}

function keyWords(keys: readonly string[]): string {
  if (keys.length === 0) return 'it has no keys';
  const shown = keys.slice(0, 6).join(', ');
  return keys.length > 6 ? `its keys: ${shown} and ${keys.length - 6} more` : `its keys: ${shown}`;
}
