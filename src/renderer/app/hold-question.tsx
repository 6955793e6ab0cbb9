import { formatDuration } from '../../shared/format.ts';
import type { JobState } from '../../shared/protocol/jobs.ts';
import { useAction } from '../client/use-call.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';

/** A snapshot that would keep Codex from saving for a while asks first. */
export function HoldQuestion({ job }: { job: JobState }) {
  const answer = useAction('answerJob');
  const reply = (yes: boolean) => answer.mutate({ id: job.id, yes });
  const pause = formatDuration(job.question?.predictedMs ?? 0);
  return (
    <Dialog
      open
      onClose={() => reply(false)}
      title={`Codex could not save for about ${pause}`}
      lead="The Brain is large, and its writers wait while it is copied. Nothing is lost: what they have to say comes after."
      actions={
        <>
          <Button onClick={() => reply(false)}>Not now</Button>
          <Button look="primary" busy={answer.isPending} onClick={() => reply(true)}>
            Back up anyway
          </Button>
        </>
      }
    />
  );
}
