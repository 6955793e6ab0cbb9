import type { TextStyle } from './text-style.ts';

/** Where the panel is, and from where it can be seen. */
export function formatPanelAddress(url: string, ssh: string | undefined, style: TextStyle): string {
  const lines = [
    'The panel is at',
    `  ${style.bold(url)}`,
    'The address is good for one minute and one window; Ctrl-C ends the panel.',
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
