import { formatCount } from '../../shared/format.ts';
import type { PrunePlan } from '../../shared/retention.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { useSizes } from '../components/size.tsx';
import type { CleanUpJob } from './use-clean-up-job.ts';
import type { RulesState } from './use-rules.ts';

export interface CleanUpDialogProps {
  readonly plan: PrunePlan;
  readonly rules: RulesState;
  readonly job: CleanUpJob;
  readonly onClose: () => void;
}

/** The last question. Only what was in this plan goes, whatever has changed since. */
export function CleanUpDialog({ plan, rules, job, onClose }: CleanUpDialogProps) {
  const sizes = useSizes();
  const count = formatCount(plan.remove.length, 'snapshot');
  const begin = async () => {
    // The engine removes by the rules that are saved, and none but these.
    const isSaved = !rules.isChanged || (await rules.save());
    onClose();
    if (isSaved) job.begin(plan.remove.map(({ id }) => id));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Clean up ${count}?`}
      lead={`This frees ${sizes.bytes(plan.freedBytes)}. What goes cannot come back; ${formatCount(plan.keep.length, 'snapshot')} stay.`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={rules.isSaving} onClick={() => void begin()}>
            Clean up {count}
          </Button>
        </>
      }
    >
      {rules.isChanged ? <p className="small soft">The rules are saved as well, and hold from now on.</p> : undefined}
    </Dialog>
  );
}
