import { formatCount, formatNumber } from '../../shared/format.ts';
import type { ShownPlan } from '../../shared/protocol/restore-views.ts';
import { Group, GroupRow } from '../components/group.tsx';
import { StateMark } from '../icons/state-mark.tsx';
import { countLost, lostHeading, rebuilds } from './plan-words.ts';

/** The last look before anything happens: what goes, what stays safe, how long Codex is away. */
export function ConfirmStep({ plan }: { plan: ShownPlan }) {
  const lost = countLost(plan.databases, Date.now());
  const files = plan.code?.totals.changes ?? 0;
  const built = rebuilds(plan).length;
  const stops = plan.steps.some(({ step, commands }) => step === 'stop' && commands.length > 0);
  return (
    <div className="confirm">
      <Group label="What happens">
        {lost.count > 0 ? (
          <GroupRow
            icon={<StateMark mark="attention" />}
            title={`${lostHeading(lost)} ${lost.count === 1 ? 'is' : 'are'} set aside`}
            detail={lost.tables}
          />
        ) : null}
        {files > 0 ? (
          <GroupRow
            icon={<StateMark mark="wait" />}
            title={`${formatCount(files, 'file')} ${files === 1 ? 'goes' : 'go'} back`}
            detail="What is replaced or removed is moved aside."
          />
        ) : null}
        {stops ? (
          <GroupRow
            icon={<StateMark mark="wait" />}
            title="Codex is away meanwhile"
            detail={
              built > 0
                ? `It starts again after ${formatNumber(built)} ${built === 1 ? 'service is' : 'services are'} rebuilt.`
                : 'It starts again at the end.'
            }
          />
        ) : null}
        <GroupRow
          icon={<StateMark mark="ok" />}
          title="Nothing is deleted"
          detail="If a step fails, everything is put back as it was. Afterwards it can be undone."
        />
      </Group>
      {plan.warnings.length === 0 ? null : (
        <ul className="confirm-warnings">
          {plan.warnings.map(({ code, message }) => (
            <li key={`${code} ${message}`}>
              <StateMark mark="attention" />
              <span>{message}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
