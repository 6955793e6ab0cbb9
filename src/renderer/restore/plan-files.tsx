import { type ReactNode, useState } from 'react';
import { formatNumber } from '../../shared/format.ts';
import type { ShownPlan } from '../../shared/protocol/restore-views.ts';
import type { CodeChange } from '../../shared/results.ts';
import { Button } from '../components/button.tsx';
import { changedServices, filesHeading, joinWords } from './plan-words.ts';
import { Will } from './will.tsx';

const mostServices = 12;
const words = { added: 'comes back', changed: 'goes back', removed: 'is moved aside' } as const;

/** Files by service, and all of them on demand. */
export function PlanFiles({ plan, icon }: { plan: ShownPlan; icon: ReactNode }) {
  const [showsFiles, setShowsFiles] = useState(false);
  const [showsAll, setShowsAll] = useState(false);
  const services = changedServices(plan);
  const { code } = plan;
  if (code === null) return null;
  return (
    <Will icon={icon} title={filesHeading(plan)}>
      {services.length === 0 ? null : (
        <div className="rplan-fit">
          <table className="rplan-table">
            <thead>
              <tr>
                <th scope="col">Service</th>
                <th scope="col">Added</th>
                <th scope="col">Changed</th>
                <th scope="col">Removed</th>
              </tr>
            </thead>
            <tbody>
              {services.slice(0, showsAll ? undefined : mostServices).map(({ folder, added, changed, removed }) => (
                <tr key={folder}>
                  <th scope="row">{folder === '' ? 'Files in the root' : folder}</th>
                  <td data-label="Added">{dash(added)}</td>
                  <td data-label="Changed">{dash(changed)}</td>
                  <td data-label="Removed">{dash(removed)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {code.asideWithUncovered.length === 0 ? null : (
        <p>
          {joinWords(code.asideWithUncovered.slice(0, 5))} would be moved aside whole, with files that no snapshot
          covers.
        </p>
      )}
      <p className="rplan-more">
        {services.length > mostServices && !showsAll ? (
          <Button look="plain" size="small" onClick={() => setShowsAll(true)}>
            Show all {formatNumber(services.length)}
          </Button>
        ) : null}
        {code.totals.changes > 0 ? (
          <Button look="plain" size="small" aria-expanded={showsFiles} onClick={() => setShowsFiles(!showsFiles)}>
            {showsFiles ? 'Hide the files' : showFilesWords(code.totals.changes)}
          </Button>
        ) : null}
      </p>
      {showsFiles ? <Files changes={code.changes} total={code.totals.changes} /> : null}
    </Will>
  );
}

function Files({ changes, total }: { changes: readonly CodeChange[]; total: number }) {
  return (
    <>
      <ul className="rplan-files" aria-label="Files">
        {changes.map(({ path, change }) => (
          <li key={path}>
            <span className="rplan-path">{path}</span> <span className="soft">{words[change]}</span>
          </li>
        ))}
      </ul>
      {total > changes.length ? <p>And {formatNumber(total - changes.length)} more.</p> : null}
    </>
  );
}

const dash = (count: number): string => (count === 0 ? '–' : formatNumber(count));

function showFilesWords(count: number): string {
  return count === 1 ? 'Show the file' : `Show the ${formatNumber(count)} files`;
}
