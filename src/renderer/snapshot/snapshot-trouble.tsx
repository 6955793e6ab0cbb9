import { formatCount } from '../../shared/format.ts';
import type { ShownSnapshot } from '../../shared/protocol/snapshot-views.ts';
import { links } from '../app/routes.ts';
import { useWide } from '../app/use-wide.ts';
import { Callout } from '../components/callout.tsx';

/** What is wrong with a snapshot, above all its tabs but the one that says it in full. */
export function SnapshotTrouble({ snapshot, tab }: { snapshot: ShownSnapshot; tab: string }) {
  const words = troubleWords(snapshot);
  const wide = useWide();
  // A narrow panel has the state as a link among the facts: the callout would take half of it.
  if (words === undefined || tab === 'checks' || !wide) return null;
  return (
    <div className="snapshot-trouble">
      <Callout
        tone={snapshot.status === 'damaged' ? 'failed' : 'attention'}
        title={words.title}
        actions={
          <a className="button button-regular button-small" href={links.snapshot(snapshot.id, 'checks')}>
            Look at the checks
          </a>
        }
      >
        {words.text}
      </Callout>
    </div>
  );
}

/** Undefined for a snapshot with which nothing is wrong. */
function troubleWords({ status, skipped, brain }: ShownSnapshot): { title: string; text: string } | undefined {
  if (status === 'damaged') {
    return {
      title: 'This snapshot is damaged',
      text: 'What still reads can be looked at and downloaded. Restore another one.',
    };
  }
  if (status !== 'incomplete') return undefined;
  if (brain !== null && brain.integrity !== 'ok') {
    return { title: 'The Brain was damaged when this was taken', text: 'The copy holds what could be read.' };
  }
  const count = skipped.filter(({ reason }) => reason !== 'vanished' && reason !== 'special').length;
  return { title: `${formatCount(count, 'file')} could not be read`, text: 'Everything else is here and verified.' };
}
