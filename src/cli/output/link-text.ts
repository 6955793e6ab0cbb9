import { escapeControl } from '../../shared/format.ts';
import type { LinkReport } from '../../shared/results.ts';

/** What was done to the backup script of Codex OS, and where the old one is. */
export function formatLink({ script, state, kept }: LinkReport): string {
  const sentence = sentences[state](escapeControl(script));
  return kept === null ? sentence : `${sentence}\nThe old script is kept as ${escapeControl(kept)}.`;
}

const sentences: Record<LinkReport['state'], (script: string) => string> = {
  linked: (script) => `Linked: ${script} now hands over to Codex Auto-Backup.`,
  refreshed: (script) => `Linked anew: ${script} now hands over to this installation.`,
  'already-linked': (script) => `Nothing to do: ${script} is linked already.`,
  unlinked: (script) => `Unlinked: ${script} is the old script again.`,
  'not-linked': (script) => `Nothing to do: ${script} is not linked.`,
};
