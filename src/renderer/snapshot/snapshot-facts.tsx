import type { ReactNode } from 'react';
import { formatCount, formatDuration, formatNumber } from '../../shared/format.ts';
import type { SnapshotStatus } from '../../shared/model.ts';
import type { ShownSnapshot } from '../../shared/protocol/snapshot-views.ts';
import { statusWords, triggerWords } from '../../shared/words.ts';
import { links } from '../app/routes.ts';
import { useCall } from '../client/use-call.ts';
import { Size } from '../components/size.tsx';
import { useNow } from '../components/use-now.ts';
import { formatMoment } from '../format/time.ts';
import { type Mark, StateMark } from '../icons/state-mark.tsx';

const marks: Readonly<Record<SnapshotStatus, Mark>> = {
  verified: 'ok',
  incomplete: 'attention',
  legacy: 'wait',
  damaged: 'failed',
};

/** What the snapshot is, in one line: why, how large, whether it is good, what came since. */
export function SnapshotFacts({ snapshot }: { snapshot: ShownSnapshot }) {
  const now = useNow(10_000);
  const row = useCall('snapshots', {}).data?.find(({ id }) => id === snapshot.id);
  const { brain, code, status, trigger, note } = snapshot;
  const verified = snapshot.checks.findLast(({ kind, ok }) => kind === 'verify' && ok)?.at ?? snapshot.createdAt;
  return (
    <>
      <dl className="snap-facts">
        <Fact name="Trigger">{triggerWords[trigger]}</Fact>
        <Fact name="Brain">
          {brain === null ? 'None' : <Size bytes={brain.bytes} as="brain" />}
          {row?.brainChange == null ? null : (
            <small>
              <Size bytes={row.brainChange} as="delta" />
            </small>
          )}
        </Fact>
        <Fact name="Code">
          {code === null ? 'None' : <Size bytes={code.bytes} />}
          {code === null ? null : <small>{code.linked ? 'same code' : formatCount(code.files, 'file')}</small>}
        </Fact>
        <Fact name="State">
          <StateMark mark={marks[status]} />
          {status === 'verified' ? (
            statusWords[status]
          ) : (
            <a href={links.snapshot(snapshot.id, 'checks')}>{statusWords[status]}</a>
          )}
          {status === 'verified' ? <small>{formatMoment(verified, now)}</small> : null}
        </Fact>
        <Fact name="Since then">
          {formatDuration(Math.max(60_000, now - Date.parse(snapshot.createdAt)))}
          <MemoriesSince id={snapshot.id} />
        </Fact>
      </dl>
      {note === '' ? null : <p className="snapshot-note">{note}</p>}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function MemoriesSince({ id }: { id: string }) {
  const brain = useCall('databases', { id }).data?.find(({ isBrain }) => isBrain);
  const counts = brain?.tables.map(({ madeSince }) => madeSince) ?? [];
  if (counts.every((count) => count === null)) return null;
  const memories = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return <small>{memories === 1 ? '1 memory' : `${formatNumber(memories)} memories`}</small>;
}
