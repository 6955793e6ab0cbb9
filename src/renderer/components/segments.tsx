import { Tabs as Radix } from 'radix-ui';
import { type ReactNode, useId } from 'react';
import './segments.css';

export interface Segment<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export interface SegmentsProps<Value extends string> {
  /** Name for screen readers. */
  readonly label: string;
  readonly segments: readonly Segment<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly size?: 'small' | 'regular';
}

/** One of a few, side by side; radio buttons to the keyboard and to screen readers. */
export function Segments<Value extends string>({
  label,
  segments,
  value,
  onChange,
  size = 'regular',
}: SegmentsProps<Value>) {
  const name = useId();
  return (
    <div className={`segments segments-${size}`} role="radiogroup" aria-label={label}>
      {segments.map((segment) => (
        <label key={segment.value} className="segment" data-state={segment.value === value ? 'active' : 'inactive'}>
          <input type="radio" name={name} checked={segment.value === value} onChange={() => onChange(segment.value)} />
          <span>{segment.label}</span>
        </label>
      ))}
    </div>
  );
}

export interface TabsProps<Value extends string> extends Omit<SegmentsProps<Value>, 'size'> {
  /** What the chosen tab shows. */
  readonly children: ReactNode;
  /** Beside the tabs, at the end of their line. */
  readonly end?: ReactNode;
}

/** Views of one thing, one at a time. */
export function Tabs<Value extends string>({ label, segments, value, onChange, children, end }: TabsProps<Value>) {
  const choose = (text: string) => {
    const chosen = segments.find((segment) => segment.value === text);
    if (chosen !== undefined) onChange(chosen.value);
  };
  return (
    <Radix.Root className="tabs" value={value} onValueChange={choose}>
      <div className="tabs-line">
        <Radix.List className="segments segments-regular" aria-label={label}>
          {segments.map((segment) => (
            <Radix.Trigger key={segment.value} className="segment segment-tab" value={segment.value}>
              <span>{segment.label}</span>
            </Radix.Trigger>
          ))}
        </Radix.List>
        {end}
      </div>
      <Radix.Content className="tabs-content" value={value}>
        {children}
      </Radix.Content>
    </Radix.Root>
  );
}
