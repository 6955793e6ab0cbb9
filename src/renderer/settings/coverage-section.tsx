import { useState } from 'react';
import { formatNumber } from '../../shared/format.ts';
import { Button } from '../components/button.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Group, GroupRow } from '../components/group.tsx';
import { Loading } from '../components/loading.tsx';
import { StateMark } from '../icons/state-mark.tsx';
import { countUncovered, type OpenPath } from '../uncovered/coverage-answers.ts';
import { CoverageList } from '../uncovered/coverage-list.tsx';
import { type Coverage, useCoverage } from '../uncovered/use-coverage.ts';
import { SettingsSection } from './settings-section.tsx';

const nobody: ReadonlySet<string> = new Set();

/** What no snapshot holds. Each is answered once: include it, or leave it out. */
export function CoverageSection() {
  const coverage = useCoverage();
  return (
    <SettingsSection title="Coverage" isGroup={false}>
      {coverage.answers === undefined ? (
        coverage.error === null ? (
          <Loading label="Looking for what is not covered" />
        ) : (
          <ErrorState error={coverage.error} onRetry={coverage.retry} />
        )
      ) : (
        <Group>
          <Uncovered coverage={coverage} answers={coverage.answers} />
          <LeftOut coverage={coverage} answers={coverage.answers} />
        </Group>
      )}
      {coverage.changeError === null ? null : <ErrorState error={coverage.changeError} />}
    </SettingsSection>
  );
}

interface PartProps {
  readonly coverage: Coverage;
  readonly answers: NonNullable<Coverage['answers']>;
}

function Uncovered({ coverage, answers: { open } }: PartProps) {
  const [picked, setPicked] = useState(nobody);
  const chosen = open.filter(({ path }) => picked.has(path));
  const meant = chosen.length === 0 ? open : chosen;
  const paths = meant.map(({ path }) => path);
  const amount = chosen.length === 0 ? `all ${formatNumber(open.length)}` : formatNumber(chosen.length);
  if (open.length === 0) {
    return (
      <GroupRow
        icon={<StateMark mark="done" />}
        title="Everything is covered"
        detail="Every service, database and file at the top is in the snapshots, or left out on purpose."
      />
    );
  }
  return (
    <>
      <GroupRow
        icon={<StateMark mark="attention" />}
        title={<b className="strong">{countUncovered(open)} in no snapshot</b>}
        detail="They would not come back with a restore."
        end={
          <>
            <Button size="small" busy={coverage.isBusy} onClick={() => void coverage.leaveOut(paths)}>
              Leave out {amount}
            </Button>
            <Button size="small" busy={coverage.isBusy} onClick={() => void coverage.include(paths)}>
              Include {amount}
            </Button>
          </>
        }
      />
      <CoverageList label="Not covered" paths={open} chosen={picked} onChange={setPicked} />
    </>
  );
}

function LeftOut({ coverage, answers: { leftOut } }: PartProps) {
  const [picked, setPicked] = useState(nobody);
  const chosen = leftOut.filter((path) => picked.has(path));
  if (leftOut.length === 0) return null;
  return (
    <>
      <GroupRow
        title={`${formatNumber(leftOut.length)} left out on purpose`}
        end={
          <Button
            size="small"
            busy={coverage.isBusy}
            disabled={chosen.length === 0}
            onClick={() => void coverage.include(chosen)}
          >
            Include after all
          </Button>
        }
      />
      <CoverageList label="Left out" paths={leftOut.map(toPath)} chosen={picked} onChange={setPicked} />
    </>
  );
}

function toPath(path: string): OpenPath {
  return { path, bytes: null, kind: 'service' };
}
