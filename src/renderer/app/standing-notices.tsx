import { reportError } from '../../shared/app-error.ts';
import { useAction, useCall } from '../client/use-call.ts';
import { Button } from '../components/button.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { StateMark } from '../icons/state-mark.tsx';
import './banner.css';
import { type Notice, standingNotices } from './notices.ts';
import type { Route } from './routes.ts';

/** At the top of every view, while it lasts: an alarm, a full disk, a folder or settings that can't be used. */
export function StandingNotices({ route }: { route: Route }) {
  const { data, error } = useCall('status', {});
  const notices = standingNotices(data, error === null ? null : reportError(error), route.view);
  if (notices.length === 0) return null;
  return (
    <section className="notices" aria-label="What needs attention">
      <ul>
        {notices.map((notice) => (
          <li key={notice.key} className="banner notice">
            <StateMark mark={notice.tone} label={notice.tone === 'failed' ? 'Failed' : 'Attention'} />
            <NoticeWords notice={notice} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function NoticeWords({ notice: { title, text, way, isAlarm } }: { notice: Notice }) {
  const acknowledge = useAction('acknowledge');
  return (
    <>
      <div className="notice-words">
        <p>
          <b>{title}</b> {text}
        </p>
        {acknowledge.isError ? <ErrorState error={acknowledge.error} /> : null}
      </div>
      <div className="notice-actions">
        {way === undefined ? null : (
          <a className="button button-regular button-small" href={way.href}>
            {way.label}
          </a>
        )}
        {isAlarm ? (
          <Button size="small" busy={acknowledge.isPending} onClick={() => acknowledge.mutate({})}>
            It is meant to be so
          </Button>
        ) : null}
      </div>
    </>
  );
}
