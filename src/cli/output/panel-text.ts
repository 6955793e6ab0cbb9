import type { TextStyle } from './text-style.ts';

export interface PanelAddress {
  readonly url: string;
  /** The command of a tunnel, where the person sits at another computer. */
  readonly ssh: string | undefined;
  /** Whether Enter makes another address. */
  readonly canRenew: boolean;
}

/** Where the panel is, and from where it can be seen. */
export function formatPanelAddress({ url, ssh, canRenew }: PanelAddress, style: TextStyle): string {
  const renew = canRenew ? 'Enter makes another, ' : '';
  const lines = [
    'The panel is at',
    `  ${style.bold(url)}`,
    `The address is good for one minute and one window; ${renew}Ctrl-C ends the panel.`,
  ];
  if (ssh === undefined) return lines.join('\n');
  return [
    ...lines,
    '',
    'From the computer that you sit at, run this first, then open the address there:',
    `  ${ssh}`,
  ].join('\n');
}

export const formatPanelEnd = (): string => 'The panel has ended.';
