import { stateWords } from '../../shared/words.ts';
import { useCall } from '../client/use-call.ts';
import { RelativeTime } from '../components/relative-time.tsx';
import { Shield } from '../icons/shield.tsx';

/** The state in small, above the sidebar's list. */
export function StateBadge() {
  const { data: status } = useCall('status', {});
  return (
    <div className="state-badge">
      <Shield state={status?.state ?? 'plain'} height={32} level={0.5} />
      <div className="state-badge-words">
        <p className="state-badge-state">{status === undefined ? 'Codex Auto-Backup' : stateWords[status.state]}</p>
        <p className="state-badge-when">
          {status?.last == null ? 'No snapshot yet' : <RelativeTime iso={status.last.createdAt} />}
        </p>
      </div>
    </div>
  );
}
