import { useState } from 'react';
import type { Activity } from '../../shared/results.ts';
import { links } from '../app/routes.ts';
import { Button } from '../components/button.tsx';
import { formatClock, formatExact } from '../format/time.ts';
import { StateMark } from '../icons/state-mark.tsx';
import { ActivityGlyph } from './activity-glyph.tsx';

/** One thing that happened; opened, all that is known of it. */
export function ActivityRow({ entry, isOpen, onToggle }: { entry: Activity; isOpen: boolean; onToggle: () => void }) {
  const { at, kind, ok, message } = entry;
  return (
    <div className={isOpen ? 'act act-open' : 'act'}>
      <button type="button" className="act-line" aria-expanded={isOpen} onClick={onToggle}>
        <ActivityGlyph kind={kind} />
        <time dateTime={at} title={formatExact(at)}>
          {formatClock(at)}
        </time>
        <span className={isOpen ? 'act-message' : 'act-message cut'} title={isOpen ? undefined : message}>
          {message}
        </span>
        {ok ? null : <StateMark mark="failed" label="Not well" />}
      </button>
      {isOpen ? <Details entry={entry} /> : null}
    </div>
  );
}

function Details({ entry }: { entry: Activity }) {
  const { at, snapshot } = entry;
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const text = JSON.stringify(entry, null, 2);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied('yes');
    } catch {
      // No permission: the text is shown instead, to be selected.
      setCopied('failed');
    }
  };
  return (
    <div className="act-details">
      <p>{formatExact(at)}</p>
      <p className="act-actions">
        {snapshot === null ? null : (
          <a className="button button-regular button-small" href={links.snapshot(snapshot)}>
            Show the snapshot
          </a>
        )}
        <Button size="small" onClick={() => void copy()}>
          <span role="status">{copied === 'yes' ? 'Copied' : 'Copy details'}</span>
        </Button>
      </p>
      {copied === 'failed' ? <pre className="act-json">{text}</pre> : null}
    </div>
  );
}
