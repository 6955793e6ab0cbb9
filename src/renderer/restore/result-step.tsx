import type { ReactNode } from 'react';
import { formatCount, formatNumber } from '../../shared/format.ts';
import type { JobState } from '../../shared/protocol/jobs.ts';
import type { ShownReport } from '../../shared/protocol/restore-views.ts';
import { links } from '../app/routes.ts';
import { useJobOutput } from '../client/use-jobs.ts';
import { Callout } from '../components/callout.tsx';
import { CopyDetails } from '../components/error-state.tsx';
import { type Mark, StateMark } from '../icons/state-mark.tsx';
import { momentOfId } from '../snapshot/moment-of-id.ts';
import type { FailureWords } from './failure-words.ts';
import { OutputLog } from './output-log.tsx';
import { countLost, lostHeading } from './plan-words.ts';
import './result-step.css';

/** How a restore has ended well: health, what was set aside, and where. */
export function DoneResult({ report }: { report: ShownReport }) {
  const { startProblem, warnings } = report;
  return (
    <div className="outcome">
      {startProblem === null ? null : (
        <Callout tone="failed" title="Codex does not run" role="alert">
          {startProblem}
        </Callout>
      )}
      {warnings.map(({ code, message }) => (
        <Callout key={`${code} ${message}`} title={message} />
      ))}
      <Health report={report} />
      <SetAside report={report} />
    </div>
  );
}

/** A restore ends well only when each of the addresses has answered. */
function Health({ report: { plan, startProblem, health } }: { report: ShownReport }) {
  const wasStarted = plan.steps.some(({ step }) => step === 'start');
  if (!wasStarted) {
    return (
      <Section title="Services">
        <Line mark="wait">Codex was not started, as was asked for.</Line>
      </Section>
    );
  }
  if (startProblem !== null) return null;
  if (health.length === 0) {
    return (
      <Section title="Services">
        <Line mark="ok">Codex was started, and runs.</Line>
      </Section>
    );
  }
  return (
    <section>
      <h2 className="outcome-head">
        Services <span>{health.length === 1 ? '1 answers' : `${formatNumber(health.length)} answer`}</span>
      </h2>
      <ul className="outcome-services">
        {health.map(({ url, service, milliseconds }) => (
          <Line key={url} mark="ok" end={`${formatNumber(milliseconds)} ms`}>
            <span title={url}>{service ?? addressOf(url)}</span>
          </Line>
        ))}
      </ul>
    </section>
  );
}

const addressOf = (url: string): string => url.replace(/^https?:\/\//, '');

function SetAside({ report: { plan, safety, replaced } }: { report: ShownReport }) {
  const lost = countLost(plan.databases, Date.now());
  const files = (plan.code?.services ?? []).reduce((sum, { changed, removed }) => sum + changed + removed, 0);
  return (
    <Section title="Set aside">
      {lost.count > 0 ? <Line>{lostHeading(lost).replace(/,$/, '')}</Line> : null}
      {files > 0 ? (
        <Line>
          {formatCount(files, 'file')} that {files === 1 ? 'was' : 'were'} replaced or removed
        </Line>
      ) : null}
      {safety === null ? (
        <Line>The files moved aside are the safety copy.</Line>
      ) : (
        <Line>
          <a href={links.snapshot(safety)}>Snapshot of {momentOfId(safety)}</a>, from before the restore
        </Line>
      )}
      {replaced === null ? null : (
        <Line>
          What was replaced is kept in <span className="outcome-path">{replaced}</span>
        </Line>
      )}
    </Section>
  );
}

/** How it has ended otherwise: where, why, the last lines, the log. */
export function FailedResult({ job, words }: { job: JobState; words: FailureWords }) {
  const output = useJobOutput(job.id);
  const { cause, step, lastLines, log } = words;
  const hint = job.error?.hint ?? '';
  return (
    <div className="outcome">
      {cause === '' ? null : (
        <Callout
          tone={words.state === 'stuck' || job.state === 'failed' ? 'failed' : 'attention'}
          title={step === '' ? cause : `${step}: ${cause}`}
          actions={job.error === null ? undefined : <CopyDetails report={job.error} />}
        >
          {hint.startsWith('Its log is') || hint.startsWith('The log is') ? undefined : hint}
        </Callout>
      )}
      {output.length > 0 || lastLines.length > 0 ? (
        <section>
          <h2>The last lines</h2>
          {output.length > 0 ? (
            <OutputLog lines={output.slice(-30)} label="The last lines" />
          ) : (
            <pre className="log">{lastLines.join('\n')}</pre>
          )}
        </section>
      ) : null}
      {log === '' ? null : (
        <Section title="Log">
          <Line>
            <span className="outcome-path">{log}</span>
          </Line>
        </Section>
      )}
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

function Line({ mark, end, children }: { mark?: Mark; end?: string; children: ReactNode }) {
  return (
    <li className="outcome-line">
      {mark === undefined ? null : <StateMark mark={mark} />}
      <span>{children}</span>
      {end === undefined ? null : <span className="outcome-end">{end}</span>}
    </li>
  );
}
