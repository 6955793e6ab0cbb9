import {
  Bell,
  Camera,
  CircleCheckBig,
  type LucideIcon,
  ListChecks,
  RotateCcw,
  Settings,
  ShieldCheck,
  Trash2,
  Undo2,
  CircleDot,
} from 'lucide-react';
import { activityWord } from './activity-kinds.ts';

const glyphs: Readonly<Record<string, LucideIcon>> = {
  snapshot: Camera,
  prune: ListChecks,
  remove: Trash2,
  settings: Settings,
  verify: CircleCheckBig,
  drill: ShieldCheck,
  alarm: Bell,
  restore: RotateCcw,
  undo: Undo2,
  recover: RotateCcw,
};

/** The kind of an entry as a glyph, with its word for screen readers. */
export function ActivityGlyph({ kind }: { kind: string }) {
  const Glyph = (Object.hasOwn(glyphs, kind) ? glyphs[kind] : undefined) ?? CircleDot;
  return <Glyph role="img" aria-label={activityWord({ kind })} aria-hidden={undefined} />;
}
