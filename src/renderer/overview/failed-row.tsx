import { formatClock, formatExact } from '../format/time.ts';
import { StateMark } from '../icons/state-mark.tsx';

/** An attempt that published nothing: its cause, and nothing to do with it. */
export function FailedRow({ at, message }: { at: string; message: string }) {
  const cause = message.replace(/^[^:]*failed: /i, '');
  return (
    <div className="snap">
      <StateMark mark="failed" />
      <time dateTime={at} title={formatExact(at)}>
        {formatClock(at)}
      </time>
      <span className="snap-failure cut" title={message}>
        <b>Failed:</b> {cause}
      </span>
    </div>
  );
}
