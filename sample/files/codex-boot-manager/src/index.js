import { config, ports, startService } from '@codex/shared';
import { runBackup } from './run-backup.js';
import { services, startChild } from './services.js';
import { waitForHealth } from './wait-for-health.js';

const stay = (process.env.CODEX_BOOT_STAY ?? String(config.boot.stay)) === 'true';
const children = [];

startService({ name: 'boot-manager', port: ports.bootManager });
process.on('SIGINT', stopAll);
process.on('SIGTERM', stopAll);

try {
  for (const service of services) {
    children.push(startChild(service));
    // Everyone talks to the Brain, so it has to be there first.
    if (service.name === 'brain') await waitForHealth([service], config.boot.healthSeconds);
  }
  await waitForHealth(services, config.boot.healthSeconds);
  console.log('[boot] all services are healthy');
} catch (error) {
  console.error(`[boot] ${error.message}`);
  stopAll();
}

const code = await runBackup();
console.log(`codexAutoBackup exited with code ${code}`);
if (!stay) process.exit(0);

function stopAll() {
  for (const child of children) {
    try {
      // A group of its own: npm, its shell and the service.
      process.kill(-child.pid, 'SIGTERM');
    } catch (error) {
      if (error.code !== 'ESRCH') console.error(`[boot] ${error.message}`);
    }
  }
  process.exit(1);
}
