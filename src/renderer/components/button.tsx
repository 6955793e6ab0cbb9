import type { ComponentPropsWithRef, ReactNode } from 'react';
import { StateMark } from '../icons/state-mark.tsx';
import { Tooltip } from './tooltip.tsx';
import './button.css';

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  /** One `primary` in a view. `plain` has no frame; `danger` is for what can't come back. */
  readonly look?: 'regular' | 'primary' | 'plain' | 'danger';
  /** `small` in rows, toolbars and callouts. */
  readonly size?: 'small' | 'regular';
  readonly icon?: ReactNode;
  /** Shows a turning mark, and takes no click. */
  readonly busy?: boolean;
}

export function Button({ look = 'regular', size = 'regular', icon, busy = false, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`button button-${look} button-${size} ${rest.className ?? ''}`}
      aria-disabled={busy || rest['aria-disabled']}
      onClick={busy ? undefined : rest.onClick}
    >
      {busy ? <StateMark mark="running" /> : icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children'> {
  /** Name for screen readers, and the tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
}

/** A button of 24 px with an icon alone. */
export function IconButton({ label, icon, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <Button look="plain" size="small" {...rest} aria-label={label} className={`button-icon ${rest.className ?? ''}`}>
        {icon}
      </Button>
    </Tooltip>
  );
}
