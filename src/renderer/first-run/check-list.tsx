import { formatCount } from '../../shared/format.ts';
import type { DoctorFinding } from '../../shared/results.ts';
import { Group, GroupRow } from '../components/group.tsx';
import { StateMark } from '../icons/state-mark.tsx';
import { shownChecks } from './shown-checks.ts';

const marks = { ok: 'done', warning: 'attention', error: 'failed' } as const;
const words = { ok: 'Fine', warning: 'Attention', error: 'Wrong' } as const;

/** Whether everything is as it should be; what is not, with what to do. */
export function CheckList({ findings }: { findings: readonly DoctorFinding[] }) {
  const { fine, others } = shownChecks(findings);
  return (
    <section className="first-part">
      <h2 className="head">Checks</h2>
      <Group>
        {others.map((finding) => (
          <Check key={`${finding.code} ${finding.message}`} finding={finding} />
        ))}
        {fine.length === 0 ? null : (
          <details className="checks-fine">
            <summary>
              {others.length === 0 ? 'Everything is fine' : `${formatCount(fine.length, 'check')} fine`}
            </summary>
            {fine.map((finding) => (
              <Check key={`${finding.code} ${finding.message}`} finding={finding} />
            ))}
          </details>
        )}
      </Group>
    </section>
  );
}

function Check({ finding: { level, message, hint } }: { finding: DoctorFinding }) {
  return (
    <GroupRow
      icon={<StateMark mark={marks[level]} label={words[level]} />}
      title={message}
      detail={hint === '' ? undefined : hint}
    />
  );
}
