import { formatCount, formatNumber } from '../../shared/format.ts';
import type { DatabasePart, Snapshot } from '../../shared/model.ts';
import type { SizeFormats } from '../format/sizes.ts';
import type { Mark } from '../icons/state-mark.tsx';

/** One thing that is known of a snapshot since it was taken. */
export interface Proof {
  readonly mark: Mark;
  readonly title: string;
  readonly text: string;
  readonly at: string;
}

const mostTables = 4;

/** What was proven before the snapshot was published. */
export function snapshotProofs(snapshot: Snapshot, sizes: SizeFormats): readonly Proof[] {
  const { brain, databases, code, createdAt, status } = snapshot;
  if (status === 'legacy') {
    return [
      {
        mark: 'wait',
        title: 'Taken by version 1.5',
        text: 'It proved nothing when it was taken. Verify it to know.',
        at: createdAt,
      },
    ];
  }
  const proofs = [
    brain === null
      ? ({ mark: 'attention', title: 'There is no Brain in it', text: 'It could not be copied.' } as const)
      : proofOfDatabase(brain, 'The Brain'),
    ...databases.map((part) => proofOfDatabase(part, part.path)),
    ...(code === null
      ? [{ mark: 'attention', title: 'There is no code in it', text: 'It could not be archived.' } as const]
      : [
          {
            mark: 'ok',
            title: code.linked ? 'The code is the same as before' : 'The code archive reads to its end',
            text: `${formatCount(code.files, 'file')}, ${sizes.bytes(code.bytes)}; every checksum matched`,
          } as const,
        ]),
  ];
  return proofs.map((proof) => ({ ...proof, at: createdAt }));
}

function proofOfDatabase(part: DatabasePart, name: string): Omit<Proof, 'at'> {
  if (part.integrity !== 'ok')
    return { mark: 'failed', title: `${name} was damaged at its source`, text: part.integrity };
  const tables = part.tables.slice(0, mostTables).map((table) => `${table.name}\u00a0${formatNumber(table.rows)}`);
  const more = part.tables.length > mostTables ? [`${part.tables.length - mostTables} more tables`] : [];
  const broken = part.foreignKeyViolations;
  const text = [...tables, ...more, ...(broken > 0 ? [`${formatNumber(broken)} rows refer to nothing`] : [])].join(
    ' · ',
  );
  return {
    mark: broken > 0 ? 'attention' : 'ok',
    title: `${name} opens and is intact`,
    text: text === '' ? 'It has no tables' : text,
  };
}
