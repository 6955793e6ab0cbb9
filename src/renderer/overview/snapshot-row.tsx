import {
  Ellipsis,
  Eye,
  FolderOpen,
  MessageSquareText,
  Pin,
  PinOff,
  RotateCcw,
  ShieldCheck,
  Trash2,
} from 'lucide-react';
import { memo } from 'react';
import type { SnapshotStatus } from '../../shared/model.ts';
import type { SnapshotRow as Row } from '../../shared/protocol/status-views.ts';
import { statusWords, triggerWords } from '../../shared/words.ts';
import { links } from '../app/routes.ts';
import { navigate } from '../app/use-route.ts';
import { IconButton } from '../components/button.tsx';
import { Menu, type MenuEntry } from '../components/menu.tsx';
import { useStill } from '../components/scroll-motion.ts';
import { Size, useSizes } from '../components/size.tsx';
import type { SizeFormats } from '../format/sizes.ts';
import { formatClock, formatExact } from '../format/time.ts';
import { type Mark, StateMark } from '../icons/state-mark.tsx';
import { TriggerGlyph } from '../icons/trigger-glyph.tsx';
import './snapshot-row.css';
import type { RowActions } from './use-row-actions.ts';

const marks: Readonly<Record<SnapshotStatus, Mark>> = {
  verified: 'ok',
  incomplete: 'attention',
  legacy: 'wait',
  damaged: 'failed',
};

export interface SnapshotRowProps {
  readonly row: Row;
  readonly actions: RowActions;
  readonly isSelected: boolean;
  readonly isVerifying: boolean;
}

/** One snapshot: always the same columns; on hover and focus its buttons stand over the last of them. */
export const SnapshotRow = memo(
  ({ row, actions, isSelected, isVerifying }: SnapshotRowProps) => {
    const sizes = useSizes();
    return (
      <div className={`snap ${isSelected ? 'snap-selected' : ''}`}>
        <TriggerGlyph trigger={row.trigger} />
        <a className="snap-link" href={links.snapshot(row.id)} aria-label={describe(row, sizes)}>
          <time dateTime={row.createdAt} title={formatExact(row.createdAt)}>
            {formatClock(row.createdAt)}
          </time>
        </a>
        <span className="snap-trigger" title={triggerWords[row.trigger]}>
          {triggerWords[row.trigger]}
        </span>
        <BrainCells row={row} />
        <span className="snap-code snap-rest" title={codeTitle(row, sizes)}>
          {codeText(row, sizes)}
        </span>
        <span className="snap-status snap-rest" title={statusTitle(row)}>
          <StateMark mark={isVerifying ? 'running' : marks[row.status]} />
          <span className="snap-status-word">{isVerifying ? 'Verifying' : statusWords[row.status]}</span>
        </span>
        <span className="snap-pin">{row.pinned ? <Pin className="snap-pinned" aria-hidden /> : null}</span>
        <RowButtons row={row} actions={actions} />
        {row.note === '' ? null : (
          <p className="snap-note cut" title={row.note}>
            {row.note}
          </p>
        )}
      </div>
    );
  },
  (before, after) =>
    before.row === after.row && before.isSelected === after.isSelected && before.isVerifying === after.isVerifying,
);

function BrainCells({ row }: { row: Row }) {
  if (row.brainBytes === null) return <span className="snap-no-brain text-warn">no Brain</span>;
  return (
    <>
      <span className="snap-brain">
        <Size bytes={row.brainBytes} as="brain" />
      </span>
      <span className="snap-delta">{row.brainChange === null ? '–' : <Size bytes={row.brainChange} as="delta" />}</span>
    </>
  );
}

function RowButtons({ row, actions }: { row: Row; actions: RowActions }) {
  const isStill = useStill();
  if (!isStill) return null;
  const clock = formatClock(row.createdAt);
  return (
    <span className="snap-actions">
      <a className="button button-regular button-small" href={links.restore(row.id)} aria-label={`Restore ${clock}…`}>
        Restore…
      </a>
      <Menu
        groups={menuOf(row, actions)}
        trigger={<IconButton label={`More for ${clock}`} icon={<Ellipsis aria-hidden />} />}
      />
      <IconButton
        label={row.pinned ? `Unpin ${clock}` : `Pin ${clock}`}
        aria-pressed={row.pinned}
        icon={row.pinned ? <Pin className="snap-pinned" aria-hidden /> : <Pin aria-hidden />}
        onClick={() => actions.pin(row)}
      />
    </span>
  );
}

function menuOf(row: Row, actions: RowActions): readonly (readonly MenuEntry[])[] {
  const { showInFolder } = actions;
  return [
    [
      { label: 'Browse', icon: <Eye aria-hidden />, onSelect: () => navigate(links.snapshot(row.id)) },
      { label: 'Restore…', icon: <RotateCcw aria-hidden />, onSelect: () => navigate(links.restore(row.id)) },
      { label: 'Verify', icon: <ShieldCheck aria-hidden />, onSelect: () => actions.verify(row) },
    ],
    [
      {
        label: row.pinned ? 'Unpin' : 'Pin',
        icon: row.pinned ? <PinOff aria-hidden /> : <Pin aria-hidden />,
        onSelect: () => actions.pin(row),
      },
      { label: 'Note…', icon: <MessageSquareText aria-hidden />, onSelect: () => actions.note(row) },
      ...(showInFolder === null
        ? []
        : [{ label: 'Show in folder', icon: <FolderOpen aria-hidden />, onSelect: () => showInFolder(row) }]),
    ],
    [
      {
        label: 'Remove…',
        icon: <Trash2 aria-hidden />,
        onSelect: () => actions.remove(row),
        disabled: row.pinned,
        danger: true,
      },
    ],
  ];
}

/** The row as a sentence, for screen readers. */
function describe(row: Row, sizes: SizeFormats): string {
  const change = row.brainChange === null ? '' : `, ${sizes.delta(row.brainChange)}`;
  const brain = row.brainBytes === null ? 'no Brain' : `Brain ${sizes.brain(row.brainBytes)}${change}`;
  const pinned = row.pinned ? ', pinned' : '';
  const note = row.note === '' ? '' : `, note: ${row.note}`;
  return `${formatClock(row.createdAt)}, ${triggerWords[row.trigger]}, ${brain}, ${codeText(row, sizes)}, ${statusWords[row.status]}${pinned}${note}`;
}

function codeText({ codeBytes, isSameCode }: Row, sizes: SizeFormats): string {
  if (codeBytes === null) return 'no code';
  return isSameCode ? 'same code' : sizes.bytes(codeBytes);
}

function codeTitle({ codeBytes, codeFiles }: Row, sizes: SizeFormats): string {
  if (codeBytes === null) return 'This snapshot holds no code';
  return `Code: ${codeFiles ?? '?'} files in ${sizes.bytes(codeBytes)}`;
}

function statusTitle({ status, skipped }: Row): string {
  return skipped === 0 ? statusWords[status] : `${statusWords[status]}: ${skipped} paths could not be read`;
}
