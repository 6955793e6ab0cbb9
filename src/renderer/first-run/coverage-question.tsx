import { formatNumber } from '../../shared/format.ts';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { useSizes } from '../components/size.tsx';
import { countUncovered, type OpenPath } from '../uncovered/coverage-answers.ts';
import { CoverageList } from '../uncovered/coverage-list.tsx';
import type { Coverage } from '../uncovered/use-coverage.ts';
import { Option, Options } from './options.tsx';

/** What is to be done with what no snapshot would hold. `paths` are those to include, one by one. */
export interface CoverageWish {
  readonly kind: 'all' | 'some' | 'none';
  readonly paths: ReadonlySet<string>;
}

export interface CoverageQuestionProps {
  readonly coverage: Coverage;
  readonly wish: CoverageWish;
  readonly onChange: (wish: CoverageWish) => void;
}

/** Asked where there is something to ask about. */
export function CoverageQuestion({ coverage, wish, onChange }: CoverageQuestionProps) {
  const sizes = useSizes();
  const { answers } = coverage;
  if (answers === undefined) {
    if (coverage.error !== null) return <ErrorState error={coverage.error} onRetry={coverage.retry} />;
    return <Loading label="Looking for what is not covered" />;
  }
  const { open } = answers;
  if (open.length === 0) return null;
  const bytes = open.reduce((sum, path) => sum + (path.bytes ?? 0), 0);
  return (
    <section className="first-part">
      <h2 className="head">{countUncovered(open)} not covered. Include them?</h2>
      <Options label="What is not covered">
        <Option
          name="coverage"
          label="Include everything"
          detail={someNames(open)}
          end={bytes === 0 ? undefined : sizes.delta(bytes)}
          isChosen={wish.kind === 'all'}
          onChoose={() => onChange({ ...wish, kind: 'all' })}
        />
        <Option
          name="coverage"
          label="Choose one by one…"
          detail={`${formatNumber(wish.paths.size)} of ${formatNumber(open.length)} chosen`}
          isChosen={wish.kind === 'some'}
          onChoose={() => onChange({ ...wish, kind: 'some' })}
        />
        {wish.kind === 'some' ? (
          <CoverageList
            label="What to include"
            paths={open}
            chosen={wish.paths}
            onChange={(paths) => onChange({ kind: 'some', paths })}
          />
        ) : null}
        <Option
          name="coverage"
          label="Leave them out"
          detail="They would not come back with a restore"
          isChosen={wish.kind === 'none'}
          onChoose={() => onChange({ ...wish, kind: 'none' })}
        />
      </Options>
    </section>
  );
}

function someNames(paths: readonly OpenPath[]): string {
  const names = paths.slice(0, 3).map(({ path }) => path);
  const more = paths.length - names.length;
  return more === 0 ? names.join(', ') : `${names.join(', ')} and ${formatNumber(more)} more`;
}
