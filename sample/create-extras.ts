import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SamplePorts } from './free-ports.ts';
import { inventTurns } from './invent-memories.ts';

export interface ExtrasContent {
  readonly ports: SamplePorts;
  /** The content of codex-config.json. */
  readonly config: object;
}

/**
 * What can't lie in the template: settings of this one sample, what is invented, logs (our own git ignores them), a
 * link (npm drops it) and a name outside ASCII (archives and file systems may normalise it).
 */
export function createExtras(root: string, { ports, config }: ExtrasContent): void {
  writePorts(root, ports);
  write(root, 'codex-config.json', `${JSON.stringify(config, null, 2)}\n`);
  write(root, 'codex-voice/prompts/Begrüßung-こんにちは.md', 'Guten Tag. こんにちは。\n');
  write(root, 'codex-voice/small-talk.json', `${JSON.stringify(inventTurns(), null, 2)}\n`);
  symlinkSync('themes/dark.css', join(root, 'codex-desktop', 'public', 'current-theme.css'));

  const lines = Array.from(
    { length: 200 },
    (_, line) => `2025-11-21T18:00:00.000Z [bridge] turn ${line + 1} handed on`,
  );
  write(root, 'codex-bridge/logs/bridge.log', `${lines.join('\n')}\n`);
  write(root, 'codex-bridge/npm-debug.log', '0 info it worked if it ends with ok\n');
  write(root, 'codex-voice/#draft-prompt.md', 'Not ready.\n');
  write(root, 'codex-brain/scratch/notes.txt', 'Thrown away at will.\n');
  write(root, 'codex-desktop/out/bundle.js.map', '{"version":3,"sources":[],"mappings":""}\n');
  write(root, 'codex-desktop/public/vendor.js.map', '{"version":3,"sources":[],"mappings":""}\n');
  write(root, '.DS_Store', 'Bud1');
}

/** Where its services will listen when they are started next. */
export const writePorts = (root: string, ports: SamplePorts): void =>
  write(root, 'codex-ports.json', `${JSON.stringify(ports, null, 2)}\n`);

function write(root: string, path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
