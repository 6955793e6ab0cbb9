import { escapeControl } from '../../shared/format.ts';
import type { ServiceReport } from '../../shared/results.ts';

export function formatService({ state, isEnabled, manager, name, file, watcher }: ServiceReport): string {
  const who = watcher === null ? 'Nobody watches right now.' : `Process ${watcher.pid} on ${watcher.host} watches.`;
  if (state === 'not installed') return `The service is not installed. ${who}`;
  const starts = isEnabled ? 'starts at each login' : 'does not start by itself';
  return [
    `The service ${state === 'running' ? 'runs' : 'does not run'}, and ${starts}. ${who}`,
    `${manager}: ${name}`,
    escapeControl(file),
    ...(state === 'stopped' ? ['Start it anew: codex-backup service install'] : []),
  ].join('\n');
}
