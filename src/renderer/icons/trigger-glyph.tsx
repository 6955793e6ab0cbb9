import type { Snapshot } from '../../shared/model.ts';
import { triggerWords } from '../../shared/words.ts';
import './icon.css';

export type ShownTrigger = Snapshot['trigger'];

const drawings: Readonly<Record<ShownTrigger, string>> = {
  growth: 'M2.25 11.75 6 7.75l2.75 2.25 4.75-5.25M10 4.5h3.75v3.75',
  change: 'M3 13l.75-3.25L10.8 2.7a1.4 1.4 0 0 1 2 0l.5.5a1.4 1.4 0 0 1 0 2L6.25 12.25 3 13ZM9.5 4l2.5 2.5',
  boot: 'M8 2.25v5M4.75 4.25a5 5 0 1 0 6.5 0',
  manual: 'M5.5 5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M3.25 13.5a4.75 4.25 0 0 1 9.5 0',
  schedule: 'M2.25 8a5.75 5.75 0 1 0 11.5 0a5.75 5.75 0 1 0-11.5 0M8 4.75V8l2.25 1.5',
  'pre-restore': 'M4 14V2.25M4 3h8.25L10.5 5.75l1.75 2.75H4',
  legacy: 'M2.25 3h11.5v3H2.25ZM3.25 6v7h9.5V6M6.5 8.75h3',
};

/** Why a snapshot was taken, as a 16 px glyph. Named for screen readers unless the word stands beside it. */
export function TriggerGlyph({ trigger, named = false }: { trigger: ShownTrigger; named?: boolean }) {
  const name = triggerWords[trigger];
  return (
    <svg className="glyph" viewBox="0 0 16 16" role="img" aria-label={name} aria-hidden={!named}>
      {named ? <title>{name}</title> : null}
      <path d={drawings[trigger]} />
    </svg>
  );
}
