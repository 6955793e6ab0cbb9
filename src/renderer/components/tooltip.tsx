import { Tooltip as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { overlayHost } from './overlay-host.ts';
import './tooltip.css';

/** Around the whole panel: once one tooltip is shown, the next comes at once. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return <Radix.Provider delayDuration={500}>{children}</Radix.Provider>;
}

/** Words that appear beside one element on hover and focus. The element has to take a ref. */
export function Tooltip({ text, children }: { text: ReactNode; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <Radix.Root onOpenChange={setOpen}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal container={open ? overlayHost() : null}>
        <Radix.Content className="tooltip" sideOffset={6} collisionPadding={8}>
          {text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
