import './progress-bar.css';

export interface ProgressBarProps {
  /** Name for screen readers. */
  readonly label: string;
  readonly value: number;
  /** Undefined while it isn't known: then the bar has no length. */
  readonly max?: number | undefined;
  /** What screen readers say instead of a percentage. */
  readonly valueText?: string | undefined;
  readonly tone?: 'accent' | 'warn' | 'bad';
}

export function ProgressBar({ label, value, max, valueText, tone = 'accent' }: ProgressBarProps) {
  const known = max !== undefined && max > 0;
  const share = known ? Math.min(1, Math.max(0, value / max)) : 0;
  const numbers = known ? { 'aria-valuemin': 0, 'aria-valuemax': max, 'aria-valuenow': Math.min(value, max) } : {};
  return (
    <div
      className={`progress progress-${tone} ${known ? '' : 'progress-unknown'}`}
      role="progressbar"
      aria-label={label}
      aria-valuetext={valueText}
      {...numbers}
    >
      <span className="progress-fill" style={{ width: `${share * 100}%` }} />
    </div>
  );
}
