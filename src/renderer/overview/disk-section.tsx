import { formatFullIn } from '../../shared/full-disk-text.ts';
import type { PanelStatus } from '../../shared/protocol/status-views.ts';
import { links } from '../app/routes.ts';
import { Size, useSizes } from '../components/size.tsx';
import type { SizeFormats } from '../format/sizes.ts';
import './disk-section.css';
import { Section } from './section.tsx';

type Disk = PanelStatus['disk'];

/** What the snapshots take on their disk, what is left, and for how long. */
export function DiskSection({ disk }: { disk: Disk }) {
  const sizes = useSizes();
  const parts = partsOf(disk);
  const label = parts.map(({ name, bytes }) => `${name} ${sizes.bytes(bytes)}`).join(', ');
  return (
    <Section
      title="Disk"
      note={trendText(disk, sizes)}
      isBad={disk.trend?.fullInDays != null && disk.trend.fullInDays < 14}
    >
      <div className="disk-bar" role="img" aria-label={label}>
        {parts.map(({ kind, bytes }) =>
          bytes > 0 ? (
            <span key={kind} className={`disk-part disk-${kind}`} style={{ flexGrow: bytes / 1_000_000 }} />
          ) : null,
        )}
      </div>
      <dl className="disk-key">
        {parts.map(({ kind, name, bytes }) => (
          <div key={kind}>
            <dt>
              <span className={`disk-swatch disk-${kind}`} aria-hidden="true" />
              {name}
            </dt>
            <dd>
              <Size bytes={bytes} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="disk-foot">
        <p>{disk.sharedBytes > 0 ? `Sharing saves ${sizes.bytes(disk.sharedBytes)}` : 'Nothing is shared yet'}</p>
        <a className="button button-regular button-small" href={links.cleanUp()}>
          Clean up…
        </a>
      </div>
    </Section>
  );
}

function partsOf({ brainBytes, codeBytes, freeBytes, totalBytes }: Disk) {
  return [
    { kind: 'brain', name: 'Brain copies', bytes: brainBytes },
    { kind: 'code', name: 'Code archives', bytes: codeBytes },
    // All else on that disk; of ours the other databases and the manifests, which are hardly ever worth a place.
    { kind: 'other', name: 'Other', bytes: Math.max(0, totalBytes - freeBytes - brainBytes - codeBytes) },
    { kind: 'free', name: 'Free', bytes: freeBytes },
  ];
}

function trendText({ trend }: Disk, sizes: SizeFormats): string {
  if (trend === null) return '';
  const pace = `${sizes.delta(trend.bytesPerWeek)} a week`;
  if (trend.bytesPerWeek === 0) return 'As large as a week ago';
  return trend.fullInDays === null ? pace : `${pace} · ${formatFullIn(trend.fullInDays)}`;
}
