import type { PanelStatus } from '../../shared/protocol/status-views.ts';
import { links } from '../app/routes.ts';
import { Section } from '../overview/section.tsx';
import { CopyCard } from './copy-card.tsx';
import './copies.css';
import { spreadWords } from './copy-words.ts';

/** The copies elsewhere, a card for each, and how far they are from three copies on two disks, one elsewhere. */
export function CopiesSection({ status: { copies, spread } }: { status: PanelStatus }) {
  return (
    <Section title="Copies elsewhere" note={copies.length === 0 ? undefined : spreadWords(spread)}>
      {copies.length === 0 ? (
        <div className="copies-none">
          <p>Snapshots beside the data die with the disk.</p>
          <a className="button button-regular button-small" href={links.settings()}>
            Add a copy…
          </a>
        </div>
      ) : (
        <ul className="copies" aria-label="Copies elsewhere">
          {copies.map((copy) => (
            <CopyCard key={copy.name} copy={copy} />
          ))}
        </ul>
      )}
    </Section>
  );
}
