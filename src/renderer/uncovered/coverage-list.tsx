import { capitalise } from '../../shared/words.ts';
import { CheckField } from '../components/field.tsx';
import { Size } from '../components/size.tsx';
import { VirtualList } from '../components/virtual-list.tsx';
import type { OpenPath } from './coverage-answers.ts';
import './coverage-list.css';

export interface CoverageListProps {
  readonly label: string;
  readonly paths: readonly OpenPath[];
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
}

/** Services and databases with a box each; scrolls by itself when there are many. */
export function CoverageList({ label, paths, chosen, onChange }: CoverageListProps) {
  const toggle = (path: string) => {
    const next = new Set(chosen);
    if (!next.delete(path)) next.add(path);
    onChange(next);
  };
  return (
    <div className="coverage-list" data-scroll>
      <VirtualList
        label={label}
        items={paths}
        keyOf={({ path }) => path}
        estimateRem={() => 2}
        render={({ path, bytes, kind }) => (
          <div className="coverage-row">
            <CheckField label={path} checked={chosen.has(path)} onChange={() => toggle(path)} />
            <span className="coverage-end">
              {kind === 'service' ? null : capitalise(kind)} {bytes === null ? null : <Size bytes={bytes} />}
            </span>
          </div>
        )}
      />
    </div>
  );
}
