import { useId } from 'react';
import { formatCount, formatNumber } from '../../shared/format.ts';
import type { ShownSnapshot } from '../../shared/protocol/snapshot-views.ts';
import { links } from '../app/routes.ts';
import { useCall } from '../client/use-call.ts';
import { CheckField } from '../components/field.tsx';
import { useSizes } from '../components/size.tsx';
import type { SizeFormats } from '../format/sizes.ts';
import { PathPicker } from './path-picker.tsx';
import { scopeWords } from './plan-words.ts';
import { momentOfRestore } from './record-words.ts';
import { hasExtra, hasNewer, type RestoreWish, unavailable } from './restore-wish.ts';
import './what-step.css';

const choices = ['all', 'brain', 'databases', 'code', 'full', 'files'] as const;

export interface WhatStepProps {
  readonly snapshot: ShownSnapshot;
  readonly wish: RestoreWish;
  readonly onChange: (wish: RestoreWish) => void;
}

/** What is to come back, and how. Each choice says what it leaves alone. */
export function WhatStep({ snapshot, wish, onChange }: WhatStepProps) {
  const sizes = useSizes();
  const name = useId();
  const shown = choices.filter((what) => what !== 'databases' || snapshot.databases.length > 0);
  return (
    <div className="what">
      <fieldset className="what-choices">
        <legend className="unseen">What is restored</legend>
        {shown.map((what) => {
          const problem = unavailable(snapshot, what);
          return (
            <CheckField
              key={what}
              kind="radio"
              name={name}
              checked={wish.what === what}
              disabled={problem !== undefined}
              onChange={() => onChange({ ...wish, what })}
              label={what === 'files' ? 'Chosen files and folders' : scopeWords[what]}
              detail={problem ?? detailOf(what, snapshot, sizes)}
            />
          );
        })}
      </fieldset>
      {wish.what === 'files' ? (
        <PathPicker snapshot={snapshot} paths={wish.paths} onChange={(paths) => onChange({ ...wish, paths })} />
      ) : null}
      <fieldset className="what-options">
        <legend className="head">How</legend>
        {hasExtra(wish.what) ? (
          <CheckField
            checked={wish.keepExtra}
            onChange={({ target }) => onChange({ ...wish, keepExtra: target.checked })}
            label="Keep files that came since"
            detail="Otherwise they are moved aside, so that the code is exactly as it was."
          />
        ) : null}
        {hasNewer(wish.what) ? (
          <CheckField
            checked={wish.keepNewer}
            onChange={({ target }) => onChange({ ...wish, keepNewer: target.checked })}
            label="Keep newer memories"
            detail="Rows made since are added to what comes back, in tables where that can be done."
          />
        ) : null}
        <CheckField
          checked={wish.useServices}
          onChange={({ target }) => onChange({ ...wish, useServices: target.checked })}
          label="Stop Codex, rebuild what has changed, and start it again"
          detail="Without it Codex has to be stopped already, and nothing is built."
        />
      </fieldset>
      <LastRestore />
    </div>
  );
}

/** Who comes here to go back on a restore has a shorter way. */
function LastRestore() {
  const last = useCall('restores', {}).data?.find(({ state }) => state === 'restored');
  if (last === undefined) return null;
  return (
    <p className="what-undo">
      The restore of {momentOfRestore(last.id, Date.now())} can still be undone. <a href={links.undo()}>Undo…</a>
    </p>
  );
}

function detailOf(what: RestoreWish['what'], snapshot: ShownSnapshot, sizes: SizeFormats): string {
  const { brain, databases, code } = snapshot;
  const brainSize = sizes.brain(brain?.bytes ?? 0);
  const files = formatCount(code?.files ?? 0, 'file');
  switch (what) {
    case 'all':
      return brain === null || code === null
        ? partWords(brain === null)
        : `${brainSize} and ${files}. The usual choice.`;
    case 'brain':
      return `${brainSize}. Code and other databases stay as they are.`;
    case 'databases':
      return `${formatNumber(databases.length)} of them. The Brain and the code stay as they are.`;
    case 'code':
      return `${files}. What Codex remembers stays as it is.`;
    case 'files':
      return 'Only what you name. Everything else stays as it is.';
    case 'full':
      return 'The Codex folder of now is kept beside it, whole. For when it can not be trusted any more.';
  }
}

const partWords = (isWithoutBrain: boolean): string =>
  isWithoutBrain
    ? 'There is no Brain in the snapshot: the code only.'
    : 'There is no code in the snapshot: the Brain only.';
