import { useState } from 'react';
import type { RestoreRecord } from '../../shared/restore-plan.ts';
import { links, type Route } from '../app/routes.ts';
import { useCall } from '../client/use-call.ts';
import { GuidedFlow, type Stage } from './guided-flow.tsx';
import { restoreWords } from './record-words.ts';
import { useFlowJob } from './use-flow-job.ts';

/** Goes back to before the latest restore: a restore of its own, with its plan. */
export function UndoView({ route }: { route: Route }) {
  const [stage, setStage] = useState<Stage>('plan');
  const job = useFlowJob(route.query);
  const restores = useCall('restores', {});
  const offer = useCall('planUndo', {}, { enabled: job === undefined });
  const undone = restores.data?.find((record) => isUndoable(record, offer.data?.plan.source));
  return (
    <GuidedFlow
      name="Undo a restore"
      about={undone === undefined ? '' : restoreWords(undone)}
      act="Undo the restore"
      planLead="Nothing has changed yet. What the restore replaced would come back, and what it brought would be set aside."
      stage={stage}
      onStage={setStage}
      offer={offer}
      request={(plan) => ({ kind: 'undo', plan })}
      job={job}
      planHref={links.undo()}
      isUndo={job?.kind !== 'restore'}
      cancelHref={links.overview()}
    />
  );
}

function isUndoable({ id, state }: RestoreRecord, source: string | undefined): boolean {
  return source === undefined ? state === 'restored' : id === source;
}
