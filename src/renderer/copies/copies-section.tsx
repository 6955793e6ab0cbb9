import type { PanelStatus } from '../../shared/protocol/status-views.ts';
import { Section } from '../overview/section.tsx';
import { CopyCard } from './copy-card.tsx';
import './copies.css';
import { spreadWords } from './copy-words.ts';

/** The copies elsewhere, where there are any: a card for each, and how far they are from three copies on two disks, one elsewhere. */
export function CopiesSection({ status: { copies, spread } }: { status: PanelStatus }) {
  if (copies.length === 0) return null;
  return (
    <Section title="Copies elsewhere" note={spreadWords(spread)}>
      <ul className="copies" aria-label="Copies elsewhere">
        {copies.map((copy) => (
          <CopyCard key={copy.name} copy={copy} />
        ))}
      </ul>
    </Section>
  );
}
