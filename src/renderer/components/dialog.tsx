import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import './dialog.css';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** One sentence below the title. */
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons, with one to leave; the primary one last. */
  readonly actions: ReactNode;
}

/**
 * A question over the panel. No `Radix.Overlay`: it locks scrolling with a `<style>` element, which the panel's content
 * policy forbids; the shade here is a plain element.
 */
export function Dialog({ open, onClose, title, lead, children, actions }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <Radix.Portal>
        <div className="dialog-shade">
          <Radix.Content className="dialog" {...(lead === undefined ? { 'aria-describedby': undefined } : {})}>
            <Radix.Title className="title3">{title}</Radix.Title>
            {lead === undefined ? null : <Radix.Description className="dialog-lead">{lead}</Radix.Description>}
            {children === undefined ? null : <div className="dialog-body">{children}</div>}
            <footer className="dialog-actions">{actions}</footer>
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}
