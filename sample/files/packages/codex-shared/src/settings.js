import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The Codex folder: this file is packages/codex-shared/dist/settings.js in it. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

const defaultPorts = {
  bridge: 4000,
  brain: 4100,
  orchestrator: 4200,
  hands: 4300,
  scheduler: 4400,
  bootManager: 4500,
  desktop: 5173,
  voice: 9001,
};

/** Who listens where; codex-ports.json lets several Codex folders run side by side. */
export const ports = { ...defaultPorts, ...readSettings('codex-ports.json') };

/** How the Boot Manager, the Brain's watcher and the voice behave. */
export const config = {
  boot: { brain: 'npm', stay: true, healthSeconds: 30 },
  brainWatcher: { enabled: true, intervalSeconds: 60, thresholdBytes: 51_200 },
  voice: { turnsPerMinute: 0 },
  ...readSettings('codex-config.json'),
};

function readSettings(name) {
  const path = join(root, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}
