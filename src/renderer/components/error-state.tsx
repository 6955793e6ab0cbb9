import { type ReactNode, useState } from 'react';
import { type ErrorReport, reportError } from '../../shared/app-error.ts';
import { errorWay } from '../app/error-ways.ts';
import { StateMark } from '../icons/state-mark.tsx';
import { Button } from './button.tsx';
import './error-state.css';

export interface ErrorStateProps {
  /** Whatever was thrown, or an ErrorReport. */
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
  /** Instead of the way out that belongs to the error's code. */
  readonly actions?: ReactNode;
  /** Fills its view; else it is as high as its words. */
  readonly fill?: boolean;
}

/** What happened, what to do now, a button for it, and the details to copy. */
export function ErrorState({ error, onRetry, actions, fill = false }: ErrorStateProps) {
  const report = toReport(error);
  const way = errorWay(report.code);
  return (
    <div className={fill ? 'error-state error-state-fill' : 'error-state'} role="alert">
      <p className="error-title">
        <StateMark mark="failed" />
        <span>{report.message}</span>
      </p>
      {report.hint === '' ? null : <p className="error-hint">{report.hint}</p>}
      <div className="error-actions">
        {actions ??
          (way === undefined ? null : (
            <a className="button button-regular button-small" href={way.href}>
              {way.label}
            </a>
          ))}
        {onRetry === undefined ? null : (
          <Button size="small" onClick={onRetry}>
            Try again
          </Button>
        )}
        <CopyDetails report={report} />
      </div>
    </div>
  );
}

/** Copies everything that is known about an error, for a report. */
export function CopyDetails({ report }: { report: ErrorReport }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(JSON.stringify(report, null, 2));
      setCopied('yes');
    } catch {
      // No permission: the text is shown instead, to be selected.
      setCopied('failed');
    }
  };
  return (
    <>
      <Button look="plain" size="small" onClick={() => void copy()}>
        {copied === 'yes' ? 'Copied' : 'Copy details'}
      </Button>
      {copied === 'failed' ? <pre className="error-details">{JSON.stringify(report, null, 2)}</pre> : null}
    </>
  );
}

function toReport(error: unknown): ErrorReport {
  return isReport(error) ? error : reportError(error);
}

function isReport(error: unknown): error is ErrorReport {
  return typeof error === 'object' && error !== null && !(error instanceof Error) && 'code' in error && 'hint' in error;
}
