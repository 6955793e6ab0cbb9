import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ports, startService } from '@codex/shared';

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'reminders.json');

startService({
  name: 'scheduler',
  port: ports.scheduler,
  routes: {
    'GET /reminders': () => JSON.parse(readFileSync(file, 'utf8')),
  },
});
