import { DropdownMenu } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import './menu.css';
import { overlayHost } from './overlay-host.ts';

export interface MenuEntry {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly onSelect: () => void;
  readonly disabled?: boolean;
  /** For what can't come back. */
  readonly danger?: boolean;
}

export interface MenuProps {
  /** The button that opens it; has to take a ref. */
  readonly trigger: ReactNode;
  /** Groups, with a line between them. */
  readonly groups: readonly (readonly MenuEntry[])[];
  readonly align?: 'start' | 'end';
  /** Where the focus goes instead of the trigger, when the entry opened something of its own. */
  readonly onCloseAutoFocus?: (event: Event) => void;
}

/** A menu at a button. Not modal: the modal one locks scrolling with a `<style>` element, which the policy forbids. */
export function Menu({ trigger, groups, align = 'end', onCloseAutoFocus }: MenuProps) {
  const [open, setOpen] = useState(false);
  return (
    <DropdownMenu.Root modal={false} onOpenChange={setOpen}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={open ? overlayHost() : null}>
        <DropdownMenu.Content
          className="menu"
          align={align}
          sideOffset={4}
          collisionPadding={8}
          {...(onCloseAutoFocus === undefined ? {} : { onCloseAutoFocus })}
        >
          {groups.map((entries, index) => (
            <DropdownMenu.Group key={entries[0]?.label ?? index} className="menu-group">
              {entries.map((entry) => (
                <MenuItem key={entry.label} {...entry} />
              ))}
            </DropdownMenu.Group>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function MenuItem({ label, icon, onSelect, disabled = false, danger = false }: MenuEntry) {
  return (
    <DropdownMenu.Item
      className={danger ? 'menu-item menu-item-danger' : 'menu-item'}
      disabled={disabled}
      onSelect={onSelect}
    >
      <span className="menu-icon">{icon}</span>
      {label}
    </DropdownMenu.Item>
  );
}
