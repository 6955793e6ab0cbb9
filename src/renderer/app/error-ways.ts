import type { ErrorCode } from '../../shared/app-error.ts';
import { links } from './routes.ts';

/** Where in the panel an error can be put right. */
export interface ErrorWay {
  readonly label: string;
  readonly href: string;
}

const cleanUp = { label: 'Clean up…', href: links.cleanUp() };
const firstRun = { label: 'Set up…', href: links.firstRun() };
const settings = { label: 'Settings', href: links.settings() };
const overview = { label: 'All snapshots', href: links.overview() };

const ways: Partial<Readonly<Record<ErrorCode, ErrorWay>>> = {
  'disk-full': cleanUp,
  'low-space': cleanUp,
  'retention-keeps-nothing': cleanUp,
  'root-unset': firstRun,
  'root-missing': firstRun,
  'brain-missing': settings,
  'settings-invalid': settings,
  'backups-unwritable': settings,
  'backups-unreadable': settings,
  'backups-missing': settings,
  'backups-around-code': settings,
  'snapshot-missing': overview,
};

/** The view that helps with an error, if one does. */
export function errorWay(code: ErrorCode): ErrorWay | undefined {
  return ways[code];
}
