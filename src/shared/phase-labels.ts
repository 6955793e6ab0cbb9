import type { Phase } from './progress.ts';

/** What the engine does in each phase, in words for people. */
export const phaseLabels: Readonly<Record<Phase, string>> = {
  wait: 'waiting for an idle moment',
  brain: 'copying the Brain',
  databases: 'copying databases',
  check: 'checking the copies',
  walk: 'looking for changed files',
  code: 'writing the code archive',
  'read-back': 'reading everything back',
  publish: 'publishing',
  verify: 'verifying',
  search: 'searching',
  stage: 'unpacking beside the Codex folder',
  stop: 'stopping Codex',
  safety: 'saving what is there now',
  swap: 'moving files',
  rebuild: 'building services',
  start: 'starting Codex',
  rollback: 'putting everything back',
  prune: 'removing snapshots',
  copy: 'copying snapshots',
  'copy-check': 'reading the copy back',
  fetch: 'bringing snapshots from a copy',
};
