import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { config, ports, root } from '@codex/shared';

/** In the order in which they start. */
export const services = [
  { name: 'brain', folder: 'codex-brain', port: ports.brain },
  { name: 'bridge', folder: 'codex-bridge', port: ports.bridge },
  { name: 'orchestrator', folder: 'codex-orchestrator', port: ports.orchestrator },
  { name: 'hands', folder: 'codex-hands', port: ports.hands },
  { name: 'voice', folder: 'codex-voice', port: ports.voice },
  { name: 'desktop', folder: 'codex-desktop', port: ports.desktop },
  { name: 'scheduler', folder: 'codex-scheduler', port: ports.scheduler },
];

/** Starts one service in its folder, with our environment and a log of its own. It outlives us. */
export function startChild({ name, folder }) {
  const logs = join(root, 'logs');
  mkdirSync(logs, { recursive: true });
  const log = openSync(join(logs, `${name}.log`), 'a');
  const throughNpm = name === 'brain' && (process.env.CODEX_BOOT_BRAIN ?? config.boot.brain) === 'npm';
  const [command, ...parameters] = throughNpm ? ['npm', 'run', 'start'] : ['node', 'dist/index.js'];
  const child = spawn(command, parameters, { cwd: join(root, folder), detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.on('error', (error) => console.error(`[boot] ${name} did not start: ${error.message}`));
  child.on('exit', (code, signal) => console.log(`[boot] ${name} ended (${signal ?? code})`));
  return child;
}
